/// A set of bytes.
struct ByteSet: Sendable {
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  static let digit = ByteSet(UInt8(ascii: "0")...UInt8(ascii: "9"))
  static let word = digit.union(ByteSet(UInt8(ascii: "a")...UInt8(ascii: "z")))
    .union(ByteSet(UInt8(ascii: "A")...UInt8(ascii: "Z"))).union(ByteSet(UInt8(ascii: "_")...UInt8(ascii: "_")))
  static let space = ByteSet(0x09...0x0D).union(ByteSet(0x20...0x20))
  /// What `.` means.
  static let any = ByteSet(0x0A...0x0A).inverted

  init() {}

  init(_ range: ClosedRange<UInt8>) {
    for byte in range { insert(byte) }
  }

  mutating func insert(_ byte: UInt8) {
    let bit = UInt64(1) << UInt64(byte & 63)
    switch byte >> 6 {
    case 0: words.0 |= bit
    case 1: words.1 |= bit
    case 2: words.2 |= bit
    default: words.3 |= bit
    }
  }

  func contains(_ byte: UInt8) -> Bool {
    let word =
      switch byte >> 6 {
      case 0: words.0
      case 1: words.1
      case 2: words.2
      default: words.3
      }
    return word >> UInt64(byte & 63) & 1 == 1
  }

  func union(_ other: ByteSet) -> ByteSet {
    var set = self
    set.words = (
      words.0 | other.words.0, words.1 | other.words.1, words.2 | other.words.2, words.3 | other.words.3
    )
    return set
  }

  var inverted: ByteSet {
    var set = self
    set.words = (~words.0, ~words.1, ~words.2, ~words.3)
    return set
  }

  /// With every letter of ASCII in both cases.
  var inBothCases: ByteSet {
    var set = self
    for letter in UInt8(ascii: "a")...UInt8(ascii: "z") where contains(letter) || contains(letter - 32) {
      set.insert(letter)
      set.insert(letter - 32)
    }
    return set
  }
}
