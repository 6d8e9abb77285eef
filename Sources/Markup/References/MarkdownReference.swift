/// Character references and backslash escapes as Markdown reads them (CommonMark 0.31, sections 2.4 and 2.5).
enum MarkdownReference {
  /// Appends what the reference at an `&` stands for and returns where it ends, or nil where none is there.
  static func read(_ text: ByteView, at place: Int, into target: inout [UInt8]) -> Int? {
    text[place + 1] == UInt8(ascii: "#")
      ? readNumber(text, at: place + 2, into: &target) : readName(text, at: place + 1, into: &target)
  }

  /// Appends the text of a range without its escapes.
  static func unescape(_ text: ByteView, _ range: Range<Int>, into target: inout [UInt8]) {
    var place = range.lowerBound
    let text = text.prefix(range.upperBound)
    while place < range.upperBound {
      let byte = text[place]
      if byte == UInt8(ascii: "\\"), ASCII.isPunctuation(text[place + 1]) {
        target.append(text[place + 1])
        place += 2
      } else if byte == UInt8(ascii: "&"), let end = read(text, at: place, into: &target) {
        place = end
      } else {
        target.append(byte)
        place += 1
      }
    }
  }

  private static func readName(_ text: ByteView, at start: Int, into target: inout [UInt8]) -> Int? {
    var end = start
    while ASCII.isAlphanumeric(text[end]), end - start <= CharacterReferences.longest { end += 1 }
    guard text[end] == UInt8(ascii: ";"), let value = CharacterReferences.all.value(of: start..<end, in: text) else {
      return nil
    }
    target += value
    return end + 1
  }

  private static func readNumber(_ text: ByteView, at start: Int, into target: inout [UInt8]) -> Int? {
    let isHexadecimal = text[start] | 0x20 == UInt8(ascii: "x")
    let first = isHexadecimal ? start + 1 : start
    var place = first
    var code: UInt32 = 0
    while place - first <= 7, let digit = ASCII.hexadecimal(text[place]), isHexadecimal || digit < 10 {
      code = code * (isHexadecimal ? 16 : 10) + digit
      place += 1
    }
    let most = isHexadecimal ? 6 : 7
    guard 1...most ~= place - first, text[place] == UInt8(ascii: ";") else { return nil }
    target.append(scalar: code == 0 ? 0xFFFD : code)
    return place + 1
  }
}
