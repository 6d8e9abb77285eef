package import Basics
import DataFormats

/// What a document says about itself and what it holds, as JSON.
package struct OfficeFacts {
  private let kind: DocumentKind
  private let parts: DocumentParts
  private var texts: [String: String] = [:]
  private var counts: [String: Int64] = [:]

  /// What parts of OOXML call the facts (ISO/IEC 29500-2, 8.3; 29500-1, 22.2), OpenDocument (part 3, 4.3) and EPUB
  /// (5.5), by local names.
  private static let names: [String: String] = [
    "title": "title", "subject": "subject", "creator": "author", "initial-creator": "author", "keywords": "keywords",
    "keyword": "keywords", "description": "description", "category": "category", "language": "language",
    "publisher": "publisher", "identifier": "identifier", "date": "modified", "created": "created",
    "creation-date": "created", "modified": "modified", "lastModifiedBy": "last_modified_by",
    "printed-by": "printed_by", "revision": "revision", "editing-cycles": "revision", "Application": "application",
    "generator": "application", "Company": "company", "Manager": "manager",
  ]
  private static let numbers: [String: String] = [
    "Pages": "pages", "Words": "words", "Characters": "characters", "Paragraphs": "paragraphs", "Slides": "slides",
    "page-count": "pages", "word-count": "words", "character-count": "characters",
    "paragraph-count": "paragraphs", "table-count": "tables", "image-count": "images",
  ]
  private static let textOrder = [
    "title", "author", "subject", "keywords", "description", "category", "language", "publisher", "identifier",
    "created", "modified", "last_modified_by", "revision", "application", "company", "manager",
  ]
  private static let countOrder = ["pages", "slides", "words", "characters", "paragraphs", "tables", "images"]

  /// Throws `DataFault` and what the archive throws.
  package init(_ kind: DocumentKind, _ parts: DocumentParts) throws {
    self.kind = kind
    self.parts = parts
    switch kind {
    case .docx, .xlsx, .pptx:
      let package = try Relationships(of: "", in: parts)
      try read(package.part("core-properties") ?? "docProps/core.xml")
      try read(package.part("extended-properties") ?? "docProps/app.xml")
    case .odt, .ods, .odp: try read("meta.xml", within: "meta")
    case .epub: try read(try EPUBPackage(parts).place, within: "metadata")
    }
  }

  private mutating func read(_ part: String, within group: String? = nil) throws {
    try parts.readIfSound(part) { reader in
      try reader.root { element in
        if let group {
          if element.name == group { try reader.children { try take($0, reader) } }
        } else {
          try take(element, reader)
        }
      }
    }
  }

  private mutating func take(_ element: PartElement, _ reader: PartReader) throws {
    if element.name == "document-statistic" {
      for attribute in element.attributes {
        let name = attribute.name.split(separator: ":").last.map(String.init) ?? ""
        if let fact = Self.numbers[name], let count = Int64(attribute.value) { counts[fact] = count }
      }
      return
    }
    if element.name == "meta", element["property"] == "dcterms:modified" {
      texts["modified"] = try reader.text()
    } else if let fact = Self.numbers[element.name] {
      if let count = Int64(try reader.text()) { counts[fact] = count }
    } else if let fact = kind == .epub && element.name == "date" ? "created" : Self.names[element.name] {
      let text = try reader.text().split(whereSeparator: \.isWhitespace).joined(separator: " ")
      guard !text.isEmpty else { return }
      // Several authors or keywords are told in one line; of all else the first counts.
      let isList = fact == "author" && kind == .epub || element.fullName == "meta:keyword"
      texts[fact] = texts[fact].map { isList ? $0 + ", " + text : $0 } ?? text
    }
  }

  /// The title, where the document has one.
  package var title: String? { texts["title"] }

  /// All facts in one object; null for what the document does not say.
  ///
  /// Throws as the initializer does.
  package func json() throws -> JSONValue {
    var members: [(name: String, value: JSONValue)] = [("format", .string(kind.rawValue))]
    members += Self.textOrder.map { ($0, texts[$0].map { JSONValue.string($0) } ?? .null) }
    members += Self.countOrder.map { ($0, counts[$0].map { JSONValue.integer($0) } ?? .null) }
    if kind.isWorkbook {
      let sheets = try DocumentReader(kind, parts).workbook().sheets
      members.append(
        (
          "sheets",
          .array(
            sheets.map { .object([("name", .string($0.name)), ("hidden", .boolean($0.isHidden))]) })
        ))
    }
    members.append(("media", .array(try DocumentMedia.names(kind, parts).map { .string($0) })))
    return .object(members)
  }
}
