import Basics

extension Sniffer {
  /// The parts by which Office documents of the newer kind are told (ECMA-376 part 2): a list of types, and a folder.
  private static let folders: [(name: String, format: Format, description: String)] = [
    ("word/", .docx, "a Word document"), ("xl/", .xlsx, "an Excel workbook"),
    ("ppt/", .pptx, "a PowerPoint presentation"),
  ]

  /// What an entry "mimetype" says (OpenDocument 1.3 part 2 section 3.3, EPUB OCF 3.3 section 4.3).
  private static let mediaTypes: [(text: String, format: Format, description: String)] = [
    (Format.odt.mediaType, .odt, "an OpenDocument text"), (Format.ods.mediaType, .ods, "an OpenDocument spreadsheet"),
    (Format.odp.mediaType, .odp, "an OpenDocument presentation"),
    (Format.odt.mediaType + "-template", .odt, "a template of OpenDocument texts"),
    (Format.ods.mediaType + "-template", .ods, "a template of OpenDocument spreadsheets"),
    (Format.odp.mediaType + "-template", .odp, "a template of OpenDocument presentations"),
    (Format.epub.mediaType, .epub, "an EPUB book"),
  ]

  /// Looks into the directory of a file that begins like a ZIP archive, for many documents are one.
  static func archive(ofFile file: Int32) throws(SystemFailure) -> Sniffed {
    guard let directory = try ZIPDirectory(file) else {
      return Sniffed(name: "zip", description: "a ZIP archive without a directory that fits it")
    }
    func has(_ test: (ZIPDirectory.Entry) -> Bool) -> Bool { directory.entries.contains(where: test) }
    if let entry = directory.entries.first(where: { $0.name == Array("mimetype".utf8) }),
      let text = try directory.stored(entry, atMost: 128),
      let found = mediaTypes.first(where: { text == Array($0.text.utf8) })
    {
      return document(found.format, found.description)
    }
    if has({ $0.name == Array("[Content_Types].xml".utf8) }),
      let found = folders.first(where: { folder in has { $0.name.starts(with: folder.name.utf8) } })
    {
      return document(found.format, found.description)
    }
    if has({ $0.name.starts(with: "Index/Document.iwa".utf8) || $0.name == Array("Index.zip".utf8) }) {
      return Sniffed(name: "iwork", description: "an iWork document", candidates: [.pages, .numbers, .key, .zip])
    }
    return Sniffed(name: "zip", description: "a ZIP archive")
  }

  /// A document is an archive all the same.
  private static func document(_ format: Format, _ description: String) -> Sniffed {
    Sniffed(name: format.name, description: description, candidates: [format, .zip])
  }
}
