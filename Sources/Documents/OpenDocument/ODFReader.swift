import DataFormats

/// Reads the text of an OpenDocument text or presentation (OpenDocument 1.3, part 3) as HTML.
///
/// Deletions that are tracked, comments, headers and footers are left out; notes stand behind the text.
struct ODFReader {
  let parts: DocumentParts
  let options: DocumentOptions
  var page = DocumentPage()
  var notes = DocumentNotes()
  var pictures: DocumentPictures
  var styles = ODFStyles()
  /// Blocks that stand in the paragraph that is being read, as in a text box.
  var boxes: [UInt8] = []
  var listCount = 0
  var slideCount = 0
  var noteCount = 0
  /// The number of the last item of the last list at the top.
  var lastNumber = 0
  var title = InlineText()

  init(_ parts: DocumentParts, _ options: DocumentOptions) throws {
    self.parts = parts
    self.options = options
    pictures = DocumentPictures(parts, isEmbedding: options.embedsPictures)
  }

  /// The blocks of the document; throws `DataFault` where a part is at fault.
  mutating func read() throws -> [UInt8] {
    try parts.readIfSound("styles.xml") { reader in
      try reader.root { element in
        if element.name == "styles" || element.name == "automatic-styles" { try styles.read(reader) }
      }
    }
    let isThere = try parts.read("content.xml") { reader in
      try reader.root { element in
        switch element.fullName {
        case "office:automatic-styles": try styles.read(reader)
        case "office:body":
          try reader.children { element in
            if element.name == "presentation" { try readSlides(reader) } else { try readBlocks(reader) }
          }
        default: return
        }
      }
    }
    guard isThere else { throw DataFault(.malformed, "the document has no part with its text (content.xml)") }
    page.put(blocks: notes.html)
    return page.finish()
  }

  /// Reads blocks up to the end of the element that has just begun.
  mutating func readBlocks(_ reader: PartReader) throws {
    try reader.children { element in try readBlock(element, reader) }
  }

  mutating func readBlock(_ element: PartElement, _ reader: PartReader) throws {
    switch element.fullName {
    case "text:p": try readParagraph(element, reader, as: nil)
    case "text:h": try readParagraph(element, reader, as: element.number("text:outline-level") ?? 1)
    case "text:list": try readList(element, reader, level: 0, style: nil)
    case "table:table": try readTable(reader)
    case "text:section", "text:table-of-content", "text:index-body", "text:index-title", "text:alphabetical-index",
      "text:illustration-index", "text:table-index", "text:object-index", "text:user-index", "text:bibliography",
      "text:numbered-paragraph", "draw:g", "draw:a":
      if element["text:display"] != "none" { try readBlocks(reader) }
    case "draw:frame":
      var text = InlineText()
      let outer = boxes
      boxes = []
      try readFrame(reader, &text)
      let inner = boxes
      boxes = outer
      page.put(text)
      page.put(blocks: inner)
    default:
      if element.fullName.hasPrefix("draw:") { try readBlocks(reader) }
    }
  }

  /// Reads blocks that stand apart from those around them.
  mutating func readApart(isCell: Bool = false, _ read: (inout ODFReader) throws -> Void) throws -> [UInt8] {
    let outer = (page, boxes)
    page = DocumentPage()
    boxes = []
    try read(&self)
    let html = page.finish(isCell: isCell)
    (page, boxes) = outer
    return html
  }
}
