import DataFormats

/// Reads the text of a Word document (ISO/IEC 29500-1, WordprocessingML) as HTML.
///
/// Tracked insertions are kept and deletions are not; headers, footers and comments are left out. Footnotes and endnotes
/// stand behind the text.
struct DOCXReader {
  let parts: DocumentParts
  let options: DocumentOptions
  var page = DocumentPage()
  var notes = DocumentNotes()
  var pictures: DocumentPictures
  var styles: DOCXStyles
  var numbering: DOCXNumbering
  var counter = DOCXListCounter()
  /// What the part that is being read refers to.
  var relations: Relationships
  var fields: [DOCXField] = []
  /// A paragraph whose end was deleted, which the next one goes on with.
  var joined: InlineText?
  /// What is said of the paragraph that is being read.
  var paragraph = DOCXProperties()
  /// Blocks that stand in the paragraph that is being read, as in a text box.
  var boxes: [UInt8] = []
  var noteParts: [String: [String: [UInt8]]] = [:]
  var listNumbers: [String: Int] = [:]
  /// The part with the text.
  private let main: String

  init(_ parts: DocumentParts, _ options: DocumentOptions) throws {
    self.parts = parts
    self.options = options
    let package = try Relationships(of: "", in: parts)
    main = package.part("officeDocument") ?? "word/document.xml"
    relations = try Relationships(of: main, in: parts)
    styles = try DOCXStyles(parts, relations.part("styles") ?? "word/styles.xml")
    numbering = try DOCXNumbering(parts, relations.part("numbering") ?? "word/numbering.xml")
    pictures = DocumentPictures(parts, isEmbedding: options.embedsPictures)
  }

  /// The blocks of the document.
  ///
  /// Throws `DataFault` where a part is at fault.
  mutating func read() throws -> [UInt8] {
    let main = main
    let isThere = try parts.read(main) { reader in
      try reader.root { element in
        if element.name == "body" { try readBlocks(reader) }
      }
    }
    guard isThere else { throw DataFault(.malformed, "the document has no part with its text (\(main))") }
    flushJoined()
    page.put(blocks: notes.html)
    return page.finish()
  }

  /// Reads paragraphs and tables up to the end of the element that has just begun.
  mutating func readBlocks(_ reader: PartReader) throws {
    try reader.children { element in try readBlock(element, reader) }
  }

  mutating func readBlock(_ element: PartElement, _ reader: PartReader) throws {
    switch element.name {
    case "p": try readParagraph(reader)
    case "tbl": try readTable(reader)
    case "sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo": try readBlocks(reader)
    case "AlternateContent", "Choice": try readBlocks(reader)
    default: return
    }
  }

  /// Reads blocks that stand apart from those around them.
  mutating func readApart(isCell: Bool = false, _ read: (inout DOCXReader) throws -> Void) throws -> [UInt8] {
    let outer = (page, boxes, joined)
    page = DocumentPage()
    boxes = []
    joined = nil
    try read(&self)
    flushJoined()
    let html = page.finish(isCell: isCell)
    (page, boxes, joined) = outer
    return html
  }

  mutating func flushJoined() {
    guard let text = joined else { return }
    joined = nil
    page.put(text)
  }
}
