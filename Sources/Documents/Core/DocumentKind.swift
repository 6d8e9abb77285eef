/// The office documents that are read here: packages of XML parts in a ZIP archive.
package enum DocumentKind: String, Sendable, CaseIterable {
  case docx, xlsx, pptx, odt, ods, odp, epub

  /// Whether it holds sheets of cells.
  package var isWorkbook: Bool { self == .xlsx || self == .ods }

  var isOpenDocument: Bool { self == .odt || self == .ods || self == .odp }
}
