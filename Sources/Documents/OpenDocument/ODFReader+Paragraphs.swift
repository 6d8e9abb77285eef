/// Paragraphs, headings and what stands in their lines.
extension ODFReader {
  /// Where the paragraph of an item of a list goes.
  struct Item {
    let level: Int
    let isOrdered: Bool
    let number: Int
    let identity: Int
    /// Whether the item has begun with an earlier paragraph.
    let isBegun: Bool
  }

  mutating func readParagraph(
    _ element: PartElement, _ reader: PartReader, as heading: Int?, in item: Item? = nil
  ) throws {
    let style = element["text:style-name"]
    var block = heading.map { DocumentPage.Block.heading($0) } ?? styles.block(style)
    if item != nil, heading == nil { block = .paragraph }
    var text = InlineText()
    if case .code = block { text.isCode = true }
    let outer = boxes
    boxes = []
    try readInlines(reader, &text, heading == nil ? styles.paragraphStyle(style) : [])
    let inner = boxes
    boxes = outer
    if let item, heading == nil {
      if item.isBegun {
        page.putInItem(text)
      } else {
        page.put(
          text, at: item.level, isOrdered: item.isOrdered, number: item.number, identity: item.identity)
      }
    } else {
      page.put(text, as: block)
    }
    page.put(blocks: inner, staysInItem: item != nil)
  }

  private static let left: Set<String> = [
    "office:annotation", "office:annotation-end", "text:ruby-text", "text:tracked-changes", "svg:title", "svg:desc",
    "office:event-listeners", "text:script", "office:forms", "text:note-citation", "text:hidden-text",
  ]

  /// Reads what stands in a line, up to the end of the element that has just begun.
  mutating func readInlines(_ reader: PartReader, _ text: inout InlineText, _ style: TextStyle) throws {
    let isCode = text.isCode
    try reader.children(text: { piece in
      text.put(isCode ? String(piece.map { $0 == "\n" ? " " : $0 }) : piece, style)
    }) { element in
      try readInline(element, reader, &text, style)
    }
  }

  private mutating func readInline(
    _ element: PartElement, _ reader: PartReader, _ text: inout InlineText, _ style: TextStyle
  ) throws {
    switch element.fullName {
    case "text:span":
      let own = styles.textStyle(element["text:style-name"])
      if !own.isHidden { try readInlines(reader, &text, own.style.isEmpty ? style : style.union(own.style)) }
    case "text:s": text.put(String(repeating: " ", count: element.count("text:c", atMost: 200)), style)
    case "text:tab": text.put("\t", style)
    case "text:line-break": text.breakLine()
    case "text:a", "draw:a":
      text.startLink(element["xlink:href"] ?? "")
      try readInlines(reader, &text, style)
      text.endLink()
    case "text:note": try readNote(reader, &text)
    case "draw:frame": try readFrame(reader, &text)
    case "text:p", "text:h", "text:list", "table:table": boxes += try readApart { try $0.readBlock(element, reader) }
    case "math:math": text.put(try reader.text(except: ["annotation"]), style)
    default:
      if Self.left.contains(element.fullName) { return }
      if element.fullName.hasPrefix("draw:") {
        boxes += try readApart { try $0.readBlocks(reader) }
      } else {
        try readInlines(reader, &text, style)
      }
    }
  }

  private mutating func readNote(_ reader: PartReader, _ text: inout InlineText) throws {
    noteCount += 1
    let name = String(noteCount)
    try reader.children { element in
      guard element.fullName == "text:note-body" else { return }
      let body = try readApart { try $0.readBlocks(reader) }
      if let number = notes.number(of: name, { body }) { text.putNote(number) }
    }
  }

  /// Reads a picture, or a box of text, which goes behind the paragraph.
  mutating func readFrame(_ reader: PartReader, _ text: inout InlineText) throws {
    var picture: String?
    var isPicture = false
    var words = ""
    try reader.children { element in
      switch element.fullName {
      case "draw:image":
        // Of several pictures the first is the one to show, the others stand for it (10.4.2).
        if !isPicture, let place = element["xlink:href"], !place.contains(":") {
          picture = Relationships.resolve(place, in: "")
        }
        isPicture = true
      case "draw:text-box": boxes += try readApart { try $0.readBlocks(reader) }
      case "table:table": boxes += try readApart { try $0.readTable(reader) }
      case "svg:title": if words.isEmpty { words = try reader.text() }
      case "svg:desc": words = try reader.text()
      default: return
      }
    }
    if isPicture { pictures.put(picture, description: words, to: &text) }
  }
}
