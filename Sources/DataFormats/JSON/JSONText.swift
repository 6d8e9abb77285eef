/// A text between quotes, as JSON has it.
enum JSONText {
  /// Writes the text, which must be UTF-8, escaping what JSON does not allow as it is.
  static func put(_ utf8: UnsafeRawBufferPointer, _ drain: ByteDrain) throws {
    try drain.put(0x22)
    var rest = utf8
    while !rest.isEmpty {
      let count = plainCount(rest)
      try drain.put(UnsafeRawBufferPointer(rebasing: rest[..<count]))
      guard count < rest.count else { break }
      try putEscape(rest[count], drain)
      rest = UnsafeRawBufferPointer(rebasing: rest[(count + 1)...])
    }
    try drain.put(0x22)
  }

  /// How many bytes come before the first that needs an escape.
  @inline(__always)
  private static func plainCount(_ text: UnsafeRawBufferPointer) -> Int {
    guard let start = text.assumingMemoryBound(to: UInt8.self).baseAddress else { return 0 }
    let quote = ByteWord.all(0x22)
    let backslash = ByteWord.all(0x5C)
    var count = 0
    while text.count - count >= 8 {
      let plain = ByteWord(start + count).ordinary(but: quote, backslash)
      count += plain
      if plain < 8 { return count }
    }
    while count < text.count, start[count] >= 0x20, start[count] != 0x22, start[count] != 0x5C { count += 1 }
    return count
  }

  private static func putEscape(_ byte: UInt8, _ drain: ByteDrain) throws {
    try drain.put(0x5C)
    switch byte {
    case 0x0A: try drain.put(UInt8(ascii: "n"))
    case 0x0D: try drain.put(UInt8(ascii: "r"))
    case 0x09: try drain.put(UInt8(ascii: "t"))
    case 0x08: try drain.put(UInt8(ascii: "b"))
    case 0x0C: try drain.put(UInt8(ascii: "f"))
    case 0x22, 0x5C: try drain.put(byte)
    default:
      try drain.put("u00" as StaticString)
      for digit in [byte >> 4, byte & 15] { try drain.put(digit < 10 ? 0x30 + digit : 0x61 + digit - 10) }
    }
  }
}
