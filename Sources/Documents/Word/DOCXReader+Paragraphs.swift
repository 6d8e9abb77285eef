/// Paragraphs, as headings, items of lists or text.
extension DOCXReader {
  mutating func readParagraph(_ reader: PartReader) throws {
    var text = joined ?? InlineText()
    joined = nil
    let outer = (boxes, paragraph)
    (boxes, paragraph) = ([], DOCXProperties())
    try readInlines(reader, &text)
    let (inner, properties) = (boxes, paragraph)
    (boxes, paragraph) = outer
    if properties.isJoined && inner.isEmpty {
      joined = text
      return
    }
    put(text, properties)
    page.put(blocks: inner)
  }

  private func block(of style: String?) -> DocumentPage.Block {
    styles.headingLevel(of: style).map { .heading($0) } ?? styles.block(of: style)
  }

  private mutating func put(_ text: InlineText, _ own: DOCXProperties) {
    let style = own.style ?? styles.standard
    let block = block(of: style)
    var all = styles.properties(of: style)
    all.take(own)
    if let outline = own.outline, outline < 9, case .paragraph = block {
      return page.put(text, as: .heading(outline + 1))
    }
    guard case .paragraph = block, let list = all.list, let level = numbering.level(all.level ?? 0, of: list) else {
      return page.put(text, as: block)
    }
    let depth = all.level ?? 0
    let identity = numbering.identity(of: list)
    guard !text.isBlank else { return }
    let number = level.isOrdered ? counter.next(identity, depth, from: level.start) : 1
    let place = listNumbers[identity] ?? listNumbers.count
    listNumbers[identity] = place
    page.put(text, at: depth, isOrdered: level.isOrdered, number: number, identity: place)
  }

  /// Reads what stands in a line, up to the end of the element that has just begun.
  mutating func readInlines(_ reader: PartReader, _ text: inout InlineText) throws {
    try reader.children { element in
      switch element.name {
      case "pPr":
        try paragraph.read(reader)
        if case .code = block(of: paragraph.style ?? styles.standard) { text.isCode = true }
      case "r": try readRun(reader, &text)
      case "hyperlink":
        if let target = relations[element[prefixed: "id"]], target.isExternal { text.startLink(target.place) }
        try readInlines(reader, &text)
        text.endLink()
      case "fldSimple":
        let field = DOCXField(instruction: element["instr"] ?? "")
        if let address = field.address { text.startLink(address) }
        try readInlines(reader, &text)
        if field.address != nil { text.endLink() }
      case "ins", "moveTo", "smartTag", "customXml", "sdt", "sdtContent", "bdo", "dir", "AlternateContent", "Choice",
        "rubyBase":
        try readInlines(reader, &text)
      case "oMath", "oMathPara":
        text.put(try mathText(reader))
      default: return
      }
    }
  }

  private func mathText(_ reader: PartReader) throws -> String {
    var words = ""
    try reader.children { element in
      switch element.name {
      case "t": words += try reader.text()
      case "oMath", "r", "e", "num", "den", "sub", "sup", "deg", "fName", "lim", "d", "f", "rad", "sSup", "sSub",
        "sSubSup", "nary", "func", "m", "mr", "eqArr", "box", "borderBox", "bar", "acc", "groupChr", "limLow", "limUpp",
        "sPre", "phant":
        if element.name == "den" { words += "/" }
        words += try mathText(reader)
      default: return
      }
    }
    return words
  }
}
