import DataFormats

/// Reads the text of a presentation (ISO/IEC 29500-1, PresentationML) as HTML, slide by slide.
///
/// A slide's title is a heading; one without has its number. What a layout or master shows is left out.
struct PPTXReader {
  let parts: DocumentParts
  let options: DocumentOptions
  var page = DocumentPage()
  var pictures: DocumentPictures
  var relations: Relationships
  /// What is read before the slide's title is known.
  var title = InlineText()
  private let main: String

  init(_ parts: DocumentParts, _ options: DocumentOptions) throws {
    self.parts = parts
    self.options = options
    main = try Relationships(of: "", in: parts).part("officeDocument") ?? "ppt/presentation.xml"
    relations = try Relationships(of: main, in: parts)
    pictures = DocumentPictures(parts, isEmbedding: options.embedsPictures)
  }

  /// The blocks of all slides in their order; throws `DataFault` where a part is at fault.
  mutating func read() throws -> [UInt8] {
    var all = DocumentPage()
    for (index, name) in try slides().enumerated() {
      relations = try Relationships(of: name, in: parts)
      page = DocumentPage()
      title = InlineText()
      var isHidden = false
      let isThere = try parts.read(name) { reader in
        try reader.children { element in
          isHidden = element["show"] == "0" || element["show"] == "false"
          guard !isHidden || options.showsHidden else { return }
          try reader.children { if $0.name == "cSld" { try readTree(reader) } }
        }
      }
      guard isThere, !isHidden || options.showsHidden else { continue }
      if title.isBlank { title.put("Slide \(index + 1)") }
      all.put(title, as: .heading(2))
      all.put(blocks: page.finish())
      if options.showsNotes { try readNotes(&all) }
    }
    return all.finish()
  }

  /// The names of the slides' parts in the order of the presentation.
  private func slides() throws -> [String] {
    var slides: [String] = []
    let isThere = try parts.read(main) { reader in
      try reader.root { element in
        guard element.name == "sldIdLst" else { return }
        try reader.children { element in
          guard element.name == "sldId", let target = relations[element[prefixed: "id"]] else { return }
          slides.append(target.place)
        }
      }
    }
    guard isThere else { throw DataFault(.malformed, "the presentation has no part with its slides (\(main))") }
    return slides
  }

  private mutating func readNotes(_ all: inout DocumentPage) throws {
    guard let name = relations.part("notesSlide") else { return }
    relations = try Relationships(of: name, in: parts)
    page = DocumentPage()
    try parts.readIfSound(name) { reader in
      try reader.root { if $0.name == "cSld" { try readTree(reader, isNotes: true) } }
    }
    let notes = page.finish()
    guard !notes.isEmpty else { return }
    var heading = InlineText()
    heading.put("Notes")
    all.put(heading, as: .heading(3))
    all.put(blocks: notes)
  }
}
