/// Which plain texts some reader would take for something else than text.
///
/// They are the types of version 1.1 (yaml.org/type) and the core schema of 1.2.2 (section 10.3) together.
enum YAMLAmbiguity {
  private static let words: Set<String> = [
    "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "<<", "=", ".inf", ".nan", "none",
  ]

  static func isAmbiguous(_ text: String) -> Bool {
    let bytes = text.utf8
    guard let first = bytes.first else { return true }
    if bytes.count <= 5, words.contains(text.lowercased()) { return true }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), YAMLMark.dot: return isNumberLike(bytes)
    default: return false
    }
  }

  /// Whether it could be a number to any base, a time, a date or a marker of documents.
  private static func isNumberLike(_ text: String.UTF8View) -> Bool {
    if text.starts(with: "...".utf8) { return true }
    let unsigned = text.first == UInt8(ascii: "+") ? text.dropFirst() : text[...]
    guard let first = unsigned.first else { return true }
    if unsigned.count <= 4, ["inf", "nan"].contains(String(Substring(unsigned.dropFirst())).lowercased()) {
      return true
    }
    guard isDigit(first) || first == YAMLMark.dot else { return false }
    if first == UInt8(ascii: "0"), let base = unsigned.dropFirst().first, [0x62, 0x6F, 0x78].contains(base | 0x20) {
      return unsigned.dropFirst(2).allSatisfy { YAMLParser.digit($0) != nil || $0 == UInt8(ascii: "_") }
    }
    if isDateLike(unsigned) { return true }
    return unsigned.allSatisfy { isDigit($0) || signs.contains($0) }
  }

  /// What is between the digits of numbers in some version.
  private static let signs = Array("_.,:eE+-".utf8)

  /// Four digits, a hyphen and a digit begin a date.
  private static func isDateLike(_ text: Substring.UTF8View) -> Bool {
    text.count >= 6 && text.prefix(4).allSatisfy(isDigit) && text.dropFirst(4).first == YAMLMark.dash
      && text.dropFirst(5).first.map(isDigit) == true
  }

  private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
}
