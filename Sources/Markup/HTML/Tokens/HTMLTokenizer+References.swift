/// Character references (HTML Standard, section 13.2.5.72 and following).
extension HTMLTokenizer {
  mutating func readReferenceIntoText() {
    var text = pending
    pending = []
    readReference(inAttribute: false, into: &text)
    pending = text
  }

  /// Reads from an `&` on and appends what it stands for, at least the `&` itself.
  mutating func readReference(inAttribute: Bool, into target: inout [UInt8]) {
    let found = text[place + 1] == UInt8(ascii: "#") ? readNumber(into: &target) : readName(inAttribute, into: &target)
    guard !found else { return }
    target.append(UInt8(ascii: "&"))
    place += 1
  }

  private mutating func readName(_ inAttribute: Bool, into target: inout [UInt8]) -> Bool {
    let start = place + 1
    var end = start
    while ASCII.isAlphanumeric(text[end]), end - start <= CharacterReferences.longest { end += 1 }
    if text[end] == UInt8(ascii: ";"), let value = CharacterReferences.all.value(of: start..<end, in: text) {
      target += value
      place = end + 1
      return true
    }
    end = min(end, start + CharacterReferences.longestOpen)
    while end > start {
      if let value = CharacterReferences.all.value(of: start..<end, in: text, open: true) {
        if inAttribute, text[end] == UInt8(ascii: "=") || ASCII.isAlphanumeric(text[end]) { return false }
        target += value
        place = text[end] == UInt8(ascii: ";") ? end + 1 : end
        return true
      }
      end -= 1
    }
    return false
  }

  private mutating func readNumber(into target: inout [UInt8]) -> Bool {
    let isHexadecimal = text[place + 2] | 0x20 == UInt8(ascii: "x")
    let start = place + (isHexadecimal ? 3 : 2)
    var end = start
    var code: UInt32 = 0
    while let digit = ASCII.hexadecimal(text[end]), isHexadecimal || digit < 10 {
      code = min(code * (isHexadecimal ? 16 : 10) + digit, 0x110000)
      end += 1
    }
    guard end > start else { return false }
    if 0x80...0x9F ~= code { code = MarkupEncoding.highCharacters[Int(code) - 0x80] }
    target.append(scalar: code == 0 ? 0xFFFD : code)
    place = text[end] == UInt8(ascii: ";") ? end + 1 : end
    return true
  }
}
