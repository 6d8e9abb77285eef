/// One token of an HTML document (HTML Standard, section 13.2.5).
package enum HTMLToken: Sendable, Equatable {
  case text([UInt8])
  case start(HTMLTag)
  case end(String)
  case comment([UInt8])
  case doctype(HTMLDoctype)
}
