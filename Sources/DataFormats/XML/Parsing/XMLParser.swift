/// Reads XML 1.0 (fifth edition) event by event, strictly: what is not well-formed is refused where it is met.
///
/// UTF-8, UTF-16, ISO-8859-1, Windows-1252 and US-ASCII are read. A document type is read over; the defaults of its
/// attributes are given, its entities are not expanded, and nothing outside of the document is fetched. The document
/// is held in pieces of 128 KB.
package final class XMLParser {
  private var scanner: XMLScanner

  /// `entities` says what references beyond the predefined ones stand for, as those of XHTML, as plain text.
  package init(_ feed: ByteFeed, limits: XMLLimits = XMLLimits(), entities: [String: String] = [:]) {
    scanner = XMLScanner(feed, limits: limits, entities: entities)
  }

  /// The next event, or nil at the end.
  ///
  /// Throws `DataFault` where the document is at fault, `SystemFailure` where it cannot be read; it is not to be
  /// called again after that.
  package func next() throws -> XMLEvent? {
    guard let token = try scanner.advance() else { return nil }
    return scanner.event(token)
  }

  /// How many elements are open; a start tag's own counts.
  package var depth: Int { scanner.open.count }

  /// The place behind the last event, for a message.
  package var place: (line: Int, column: Int) { scanner.input.place(of: scanner.input.at) }

  /// Passes all up to the end of the element that has just begun, its end included.
  package func skipElement() throws {
    let outer = scanner.open.count - 1
    while try scanner.advance() != nil, scanner.open.count > outer {}
  }
}

extension XMLScanner {
  /// The last token as an event of its own.
  func event(_ token: Token) -> XMLEvent {
    switch token {
    case .start:
      .start(
        name: names.texts[name],
        attributes: attributes.map {
          XMLAttribute(names.texts[$0.name], String(decoding: values[$0.start..<$0.end], as: UTF8.self))
        })
    case .end: .end(name: names.texts[name])
    case .text: .text(String(decoding: text, as: UTF8.self))
    case .cdata: .cdata(String(decoding: text, as: UTF8.self))
    case .comment: .comment(String(decoding: text, as: UTF8.self))
    case .instruction: .instruction(target: names.texts[name], data: String(decoding: text, as: UTF8.self))
    case .doctype: .doctype(name: names.texts[name])
    }
  }
}
