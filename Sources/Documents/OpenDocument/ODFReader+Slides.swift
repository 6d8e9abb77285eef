/// The slides of a presentation.
extension ODFReader {
  mutating func readSlides(_ reader: PartReader) throws {
    try reader.children { element in
      guard element.fullName == "draw:page" else { return }
      slideCount += 1
      let isHidden = styles.isHidden("drawing-page", element["draw:style-name"])
      if !isHidden || options.showsHidden { try readSlide(reader) }
    }
  }

  private mutating func readSlide(_ reader: PartReader) throws {
    title = InlineText()
    var noteBlocks: [UInt8] = []
    let body = try readApart { slide in
      try reader.children { element in
        switch element.fullName {
        case "presentation:notes":
          guard slide.options.showsNotes else { return }
          noteBlocks = try slide.readApart { try $0.readShapes(reader, notesAlone: true) }
        default: try slide.readShape(element, reader)
        }
      }
    }
    if title.isBlank { title.put("Slide \(slideCount)") }
    page.put(title, as: .heading(2))
    page.put(blocks: body)
    guard !noteBlocks.isEmpty else { return }
    var heading = InlineText()
    heading.put("Notes")
    page.put(heading, as: .heading(3))
    page.put(blocks: noteBlocks)
  }

  private mutating func readShapes(_ reader: PartReader, notesAlone: Bool) throws {
    try reader.children { element in
      if element["presentation:class"] == "notes" { try readBlock(element, reader) }
    }
  }

  private mutating func readShape(_ element: PartElement, _ reader: PartReader) throws {
    guard element["presentation:class"] == "title", title.isBlank else { return try readBlock(element, reader) }
    var words = InlineText()
    try reader.children { element in
      guard element.fullName == "draw:text-box" else { return }
      try reader.children { element in
        guard element.name == "p" || element.name == "h" else { return }
        if !words.isBlank { words.put(" ") }
        try readInlines(reader, &words, [])
      }
    }
    title = words
  }
}
