/// Runs of text and what stands in them.
extension DOCXReader {
  /// Whether text belongs to the instruction of a field, and not to what it shows.
  private var isInInstruction: Bool { fields.contains { !$0.isShowing } }

  mutating func readRun(_ reader: PartReader, _ text: inout InlineText) throws {
    var style: TextStyle = []
    var isHidden = false
    try reader.children { element in
      if element.name == "rPr" {
        var own = DOCXProperties()
        try own.read(reader)
        var all = styles.properties(of: own.style)
        let isCode = styles.isInlineCode(own.style)
        all.take(own)
        style = isCode ? .code : all.textStyle
        isHidden = all.isHidden ?? false
      } else if !isHidden {
        try readPiece(element, reader, style, &text)
      } else if element.name == "fldChar" {
        changeField(element, &text)
      }
    }
  }

  private mutating func readPiece(
    _ element: PartElement, _ reader: PartReader, _ style: TextStyle, _ text: inout InlineText
  ) throws {
    switch element.name {
    case "fldChar": return changeField(element, &text)
    case "instrText":
      let words = try reader.text()
      if let last = fields.indices.last, !fields[last].isShowing, fields[last].instruction.utf8.count < 4096 {
        fields[last].instruction += words
      }
      return
    default: if isInInstruction { return }
    }
    switch element.name {
    case "t": text.put(try reader.text(), style)
    case "tab", "ptab": text.put("\t", style)
    case "br", "cr": text.breakLine()
    case "noBreakHyphen": text.put("\u{2011}", style)
    case "sym": text.put(SymbolFont.text(of: element["char"] ?? "", font: element["font"] ?? ""), style)
    case "footnoteReference", "endnoteReference": try readNote(element, &text)
    case "drawing", "pict", "object": try readDrawing(reader, &text)
    case "AlternateContent", "Choice": try readDrawing(reader, &text)
    case "ruby", "rubyBase": try readInlines(reader, &text)
    default: return
    }
  }

  private mutating func changeField(_ element: PartElement, _ text: inout InlineText) {
    switch element["fldCharType"] {
    case "begin": if fields.count < parts.limits.depth { fields.append(DOCXField()) }
    case "separate":
      guard let last = fields.indices.last else { return }
      fields[last].isShowing = true
      if let address = fields[last].address, !isInInstruction {
        text.startLink(address)
        fields[last].hasLink = true
      }
    case "end": if let field = fields.popLast(), field.hasLink { text.endLink() }
    default: return
    }
  }

  private mutating func readNote(_ element: PartElement, _ text: inout InlineText) throws {
    let kind = element.name == "footnoteReference" ? "footnotes" : "endnotes"
    guard let id = element["id"] else { return }
    let made = try noteBlocks(kind)
    if let number = notes.number(of: "\(kind) \(id)", { made[id] }) { text.putNote(number) }
  }

  /// The notes of a part by their identifiers; those that are lines between text and notes are none.
  private mutating func noteBlocks(_ kind: String) throws -> [String: [UInt8]] {
    if let known = noteParts[kind] { return known }
    noteParts[kind] = [:]
    guard let name = relations.part(kind) else { return [:] }
    let outer = (relations, fields)
    relations = try Relationships(of: name, in: parts)
    fields = []
    var made: [String: [UInt8]] = [:]
    try parts.readIfSound(name) { reader in
      try reader.root { element in
        guard let id = element["id"], element["type"].map({ $0 == "normal" }) ?? true else { return }
        made[id] = try readApart { try $0.readBlocks(reader) }
      }
    }
    (relations, fields) = outer
    noteParts[kind] = made
    return made
  }

  /// Looks in a drawing for pictures and boxes of text.
  private mutating func readDrawing(_ reader: PartReader, _ text: inout InlineText) throws {
    var description = ""
    try readDrawing(reader, &text, &description)
  }

  private mutating func readDrawing(
    _ reader: PartReader, _ text: inout InlineText, _ description: inout String
  ) throws {
    try reader.children { element in
      switch element.name {
      case "docPr":
        description = element["descr"] ?? ""
      case "txbxContent":
        boxes += try readApart { try $0.readBlocks(reader) }
      case "blip":
        pictures.put(relations[element[prefixed: "embed"]]?.part, description: description, to: &text)
      case "imagedata":
        let words = element[prefixed: "title"] ?? ""
        pictures.put(relations[element[prefixed: "id"]]?.part, description: words, to: &text)
      case "Fallback": return
      default: try readDrawing(reader, &text, &description)
      }
    }
  }
}
