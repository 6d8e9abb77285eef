/// Reads a document type declaration after its keyword (HTML Standard, sections 13.2.5.53 to 13.2.5.68).
struct HTMLDoctypeReader {
  private let text: ByteView
  private(set) var place: Int
  private var doctype = HTMLDoctype()

  init(_ text: ByteView, _ place: Int) {
    self.text = text
    self.place = place
  }

  private var isAtEnd: Bool { place >= text.count }

  mutating func read() -> HTMLDoctype {
    if !readParts() { skipToEnd() }
    return doctype
  }

  /// False where the rest up to `>` is to be left out.
  private mutating func readParts() -> Bool {
    guard !endsEarly() else { return true }
    readName()
    if endsHere(quirky: false) { return true }
    let isPublic = text.matches("public", at: place)
    guard isPublic || text.matches("system", at: place) else { return quirk() }
    place += 6
    if isPublic {
      guard !endsEarly() else { return true }
      guard startsString() else { return quirk() }
      guard let identifier = readString() else {
        doctype.publicIdentifier = partial
        return true
      }
      doctype.publicIdentifier = identifier
      if endsHere(quirky: false) { return true }
    } else if endsEarly() {
      return true
    }
    guard startsString() else { return quirk() }
    guard let identifier = readString() else {
      doctype.systemIdentifier = partial
      return true
    }
    doctype.systemIdentifier = identifier
    return endsHere(quirky: false)
  }

  /// What has been read of an identifier that `>` or the end of the document has cut off.
  private var partial = ""

  private mutating func quirk() -> Bool {
    doctype.forcesQuirks = true
    return false
  }

  /// Takes white space, then the `>` or the end where they come, which they should not yet.
  private mutating func endsEarly() -> Bool { endsHere(quirky: true) }

  private mutating func endsHere(quirky: Bool) -> Bool {
    while HTMLTokenizer.isSpace(text[place]) { place += 1 }
    if isAtEnd {
      doctype.forcesQuirks = true
      return true
    }
    guard text[place] == UInt8(ascii: ">") else { return false }
    place += 1
    if quirky { doctype.forcesQuirks = true }
    return true
  }

  private mutating func readName() {
    var name: [UInt8] = []
    while !isAtEnd, !HTMLTokenizer.isSpace(text[place]), text[place] != UInt8(ascii: ">") {
      if text[place] == 0 { name.append(scalar: 0xFFFD) } else { name.append(ASCII.lower(text[place])) }
      place += 1
    }
    doctype.name = String(decoding: name, as: UTF8.self)
  }

  private func startsString() -> Bool { text[place] == UInt8(ascii: "\"") || text[place] == UInt8(ascii: "'") }

  /// Reads a quoted identifier; nil where it is cut off.
  private mutating func readString() -> String? {
    let quote = text[place]
    place += 1
    var string: [UInt8] = []
    while !isAtEnd, text[place] != quote, text[place] != UInt8(ascii: ">") {
      if text[place] == 0 { string.append(scalar: 0xFFFD) } else { string.append(text[place]) }
      place += 1
    }
    let isWhole = text[place] == quote
    place = min(place + 1, text.count)
    guard isWhole else {
      doctype.forcesQuirks = true
      partial = String(decoding: string, as: UTF8.self)
      return nil
    }
    return String(decoding: string, as: UTF8.self)
  }

  private mutating func skipToEnd() {
    place = text.first(UInt8(ascii: ">"), from: place).map { $0 + 1 } ?? text.count
  }
}
