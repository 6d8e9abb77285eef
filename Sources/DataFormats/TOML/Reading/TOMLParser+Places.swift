extension TOMLParser {
  mutating func skipBlanks() {
    while bytes[at] == 0x20 || bytes[at] == 0x09 { at += 1 }
  }

  /// Passes a comment, up to the end of its line.
  mutating func skipComment() throws {
    guard bytes[at] == 0x23 else { return }
    while at < end, bytes[at] != 0x0A, !isLineEnd {
      try refuseControl(in: "a comment")
      at += 1
    }
  }

  private var isLineEnd: Bool { bytes[at] == 0x0D && bytes[at + 1] == 0x0A }

  /// Passes a line feed, with a carriage return before it or not; true if there was one.
  mutating func skipLineEnd() throws -> Bool {
    if bytes[at] == 0x0A {
      at += 1
      return true
    }
    guard isLineEnd else { return false }
    at += 2
    return true
  }

  /// Passes blanks, line ends and comments, as they may stand within an array.
  mutating func skipLines() throws {
    repeat {
      skipBlanks()
      try skipComment()
    } while try skipLineEnd()
  }

  /// Throws for a byte that may stand in no comment or text: the control characters but the tab.
  func refuseControl(in place: String) throws {
    let byte = bytes[at]
    guard byte >= 0x20 && byte != 0x7F || byte == 0x09 else {
      throw fault("\(shownNext) may not stand in \(place)")
    }
  }

  /// Throws where the bytes are no UTF-8.
  func checkEncoding() throws {
    let place = bytes.withUnsafeBytes { UTF8Sequence.firstFault(UnsafeRawBufferPointer(rebasing: $0[..<end])).place }
    if let place { throw fault("the bytes are not UTF-8 here", at: place) }
  }

  func fault(_ problem: String, at index: Int? = nil) -> DataFault { fault(.malformed, problem, at: index) }

  /// A fault at a byte, otherwise at the next one; columns count characters.
  func fault(_ kind: DataFault.Kind, _ problem: String, at index: Int? = nil) -> DataFault {
    let index = min(index ?? at, end)
    var start = index
    while start > 0, bytes[start - 1] != 0x0A { start -= 1 }
    var line = 1
    for byte in bytes[..<start] where byte == 0x0A { line += 1 }
    var column = 1
    for byte in bytes[start..<index] where byte & 0xC0 != 0x80 { column += 1 }
    return DataFault(kind, problem, line: line, column: column)
  }

  /// The next character, for a message.
  var shownNext: String {
    if at >= end { return "the end of the document" }
    if bytes[at] == 0x0A { return "the end of the line" }
    if bytes[at] > 0x20, bytes[at] < 0x7F { return "'\(Character(UnicodeScalar(bytes[at])))'" }
    let text = String(decoding: bytes[at..<min(at + 4, end)], as: UTF8.self)
    let scalar = text.unicodeScalars.first?.value ?? 0
    let digits = String(scalar, radix: 16, uppercase: true)
    return "the character U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  /// A key for a message.
  func shown(_ key: Int) -> String { "the key " + TOMLKey.written(document.keys.texts[key].prefix(100)) }
}
