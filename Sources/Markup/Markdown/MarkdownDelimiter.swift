/// A run of `*`, `_` or `~` that may begin or end a style (CommonMark 0.31, section 6.2).
struct MarkdownDelimiter {
  let node: Int
  let byte: UInt8
  /// How many characters the run had, and how many are left.
  let length: Int
  var count: Int
  let opens: Bool
  let closes: Bool
  var previous: Int
  var next = -1

  /// Which of the bounds below which no opener is left to find belongs to it as a closer.
  var bound: Int {
    switch byte {
    case UInt8(ascii: "*"): (opens ? 3 : 0) + length % 3
    case UInt8(ascii: "_"): (opens ? 9 : 6) + length % 3
    default: 11 + min(length, 2)
    }
  }

  static let bounds = 14

  func canEnd(_ opener: MarkdownDelimiter) -> Bool {
    guard opener.opens, opener.byte == byte else { return false }
    if byte == UInt8(ascii: "~") { return opener.count == count }
    return !(opens || opener.closes) || length % 3 == 0 || (opener.length + length) % 3 != 0
  }
}
