/// What stands between the values of a row.
struct Delimiter: Equatable {
  let code: UInt8

  private static let names: [(name: String, code: UInt8)] = [
    ("comma", 0x2C), ("semicolon", 0x3B), ("tab", 0x09), ("pipe", 0x7C),
  ]

  static let comma = Delimiter(code: 0x2C)
  static let tab = Delimiter(code: 0x09)

  private init(code: UInt8) {
    self.code = code
  }

  /// Reads a name, or one printable character of ASCII that neither quotes nor belongs to a number or a word.
  init?(_ text: String) {
    if let named = Delimiter.names.first(where: { $0.name == text }) {
      code = named.code
      return
    }
    guard let character = text.utf8.first, text.utf8.count == 1, (0x20...0x7E).contains(character), character != 0x22,
      Character(text).isLetter == false, Character(text).isNumber == false
    else { return nil }
    code = character
  }

  /// The usual one that the first rows of a text have most of, outside of quotes.
  static func likeliest(in sample: [UInt8]) -> Delimiter {
    var counts = [Int](repeating: 0, count: names.count)
    var isQuoted = false
    for byte in sample {
      if byte == 0x22 { isQuoted.toggle() }
      if !isQuoted, let index = names.firstIndex(where: { $0.code == byte }) { counts[index] += 1 }
    }
    // The first of the list where two are alike.
    let found = counts.firstIndex(of: counts.max() ?? 0) ?? 0
    return Delimiter(code: names[found].code)
  }
}
