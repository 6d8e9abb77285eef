import DataFormats

/// Reads what a document of an office program says.
package struct DocumentReader {
  let kind: DocumentKind
  let parts: DocumentParts

  package init(_ kind: DocumentKind, _ parts: DocumentParts) {
    self.kind = kind
    self.parts = parts
  }

  /// The document as the inside of a page of HTML: only elements that hold text, and links that are safe.
  ///
  /// Throws `DataFault` where a part is at fault, and what the archive throws.
  package func blocks(_ options: DocumentOptions = DocumentOptions(), sheet: SheetChoice? = nil) throws -> [UInt8] {
    try refuseEncrypted()
    switch kind {
    case .docx:
      var reader = try DOCXReader(parts, options)
      return try reader.read()
    case .pptx:
      var reader = try PPTXReader(parts, options)
      return try reader.read()
    case .odt, .odp:
      var reader = try ODFReader(parts, options)
      return try reader.read()
    case .epub:
      var reader = try EPUBReader(parts, options)
      return try reader.read()
    case .xlsx, .ods:
      let workbook = try workbook()
      let sheets = try (sheet ?? .all).places(in: workbook, hidden: options.showsHidden)
      return try SheetHTML.blocks(of: workbook, sheets: sheets, limit: parts.limits.partBytes)
    }
  }

  /// The sheets of a workbook.
  ///
  /// Throws as `blocks` does.
  package func workbook() throws -> any Workbook {
    try refuseEncrypted()
    switch kind {
    case .xlsx: return try XLSXReader(parts)
    case .ods: return try ODSReader(parts)
    default: throw DataFault(.unsupported, "the document has no sheets")
    }
  }

  /// An OpenDocument file says in its list of parts which of them are encrypted (OpenDocument 1.3, part 2, 3.4).
  private func refuseEncrypted() throws {
    guard kind.isOpenDocument else { return }
    var isEncrypted = false
    try parts.readIfSound("META-INF/manifest.xml") { reader in
      try reader.root { element in
        guard let name = element["full-path"], name == "content.xml" || name == "encrypted-package" else { return }
        try reader.children { if $0.name == "encryption-data" { isEncrypted = true } }
      }
    }
    if isEncrypted { throw DocumentLocked() }
  }
}
