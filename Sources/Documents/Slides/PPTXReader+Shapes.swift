/// The shapes of a slide.
extension PPTXReader {
  /// What a shape is in its layout (ISO/IEC 29500-1, 19.7.10).
  private enum Place {
    case none, title, text, list
    /// A date, a number, a footer, a picture of the slide.
    case aside
  }

  /// Reads shapes up to the end of the element that has just begun.
  mutating func readTree(_ reader: PartReader, isNotes: Bool = false) throws {
    try reader.children { element in
      switch element.name {
      case "spTree", "grpSp", "AlternateContent", "Choice": try readTree(reader, isNotes: isNotes)
      case "sp": try readShape(reader, isNotes: isNotes)
      case "graphicFrame": try readFrame(reader)
      case "pic": try readPicture(reader)
      default: return
      }
    }
  }

  private mutating func readShape(_ reader: PartReader, isNotes: Bool) throws {
    var place = Place.none
    try reader.children { element in
      switch element.name {
      case "nvSpPr":
        try reader.children { element in
          guard element.name == "nvPr" else { return }
          try reader.children { element in
            if element.name == "ph" { place = Self.place(element["type"]) }
          }
        }
      case "txBody":
        if isNotes && place != .list || place == .aside { return }
        try readParagraphs(reader, isTitle: place == .title, isList: place == .list && !isNotes)
      default: return
      }
    }
  }

  private static func place(_ type: String?) -> Place {
    switch type {
    case "title", "ctrTitle": .title
    case "subTitle": .text
    case "dt", "ftr", "hdr", "sldNum", "sldImg": .aside
    default: .list
    }
  }

  /// Reads the paragraphs of a body of text up to its end.
  mutating func readParagraphs(_ reader: PartReader, isTitle: Bool, isList: Bool) throws {
    var number = 0
    try reader.children { element in
      guard element.name == "p" else { return }
      var text = InlineText()
      var (level, isItem, isOrdered) = (0, isList, false)
      try readLine(reader, &text) { element in
        level = element.number("lvl") ?? 0
        try reader.children { element in
          switch element.name {
          case "buNone": isItem = false
          case "buChar", "buBlip": isItem = true
          case "buAutoNum": (isItem, isOrdered) = (true, true)
          default: return
          }
        }
      }
      if isTitle {
        add(toTitle: text)
      } else if isItem {
        if !text.isBlank { number = isOrdered && level == 0 ? number + 1 : number }
        page.put(text, at: level, isOrdered: isOrdered, number: level == 0 ? max(number, 1) : 1)
      } else {
        page.put(text)
      }
    }
    page.endLists()
  }

  private mutating func add(toTitle text: InlineText) {
    guard !text.isBlank else { return }
    if title.isBlank { title = text } else { title.join(text) }
  }

  /// Reads the runs of a paragraph; `properties` reads what is said of the paragraph.
  private func readLine(
    _ reader: PartReader, _ text: inout InlineText, _ properties: (PartElement) throws -> Void
  ) throws {
    try reader.children { element in
      switch element.name {
      case "pPr": try properties(element)
      case "r", "fld": try readRun(reader, &text)
      case "br": text.breakLine()
      case "m", "AlternateContent", "Choice": try readLine(reader, &text, properties)
      case "oMath", "oMathPara": text.put(try reader.text())
      default: return
      }
    }
  }

  private func readRun(_ reader: PartReader, _ text: inout InlineText) throws {
    var style: TextStyle = []
    var address: String?
    try reader.children { element in
      switch element.name {
      case "rPr":
        if element.flag("b") ?? false { style.insert(.bold) }
        if element.flag("i") ?? false { style.insert(.italic) }
        if let strike = element["strike"], strike != "noStrike" { style.insert(.struck) }
        if let raised = element.number("baseline"), raised != 0 {
          style.insert(raised > 0 ? .superscript : .subscript)
        }
        try reader.children { element in
          guard element.name == "hlinkClick", let target = relations[element[prefixed: "id"]] else { return }
          if target.isExternal { address = target.place }
        }
      case "t":
        if let address { text.startLink(address) }
        text.put(try reader.text(), style)
        if address != nil { text.endLink() }
      default: return
      }
    }
  }

  private mutating func readPicture(_ reader: PartReader) throws {
    var description = ""
    var text = InlineText()
    try reader.children { element in
      switch element.name {
      case "nvPicPr": try reader.children { if $0.name == "cNvPr" { description = $0["descr"] ?? "" } }
      case "blipFill":
        try reader.children { element in
          guard element.name == "blip" else { return }
          pictures.put(relations[element[prefixed: "embed"]]?.part, description: description, to: &text)
        }
      default: return
      }
    }
    page.put(text)
  }
}
