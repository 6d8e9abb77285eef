/// Numbers of cells in the spelling of JSON.
enum NumberText {
  /// The shortest text of the same number, or nil where it is none or not finite.
  static func exact(_ text: String) -> String? {
    if isPlain(text) { return text }
    guard let number = Double(text), number.isFinite else { return nil }
    return exact(number)
  }

  static func exact(_ number: Double) -> String {
    if number == number.rounded(), abs(number) < 1e15 { return String(Int64(number)) }
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Whether a number is short and written as JSON would.
  private static func isPlain(_ text: String) -> Bool {
    var digits = 0
    var point: Int?
    var last: UInt8 = 0
    var first: UInt8?
    let bytes = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    for byte in bytes {
      if byte == UInt8(ascii: ".") {
        guard point == nil, digits > 0 else { return false }
        point = digits
      } else {
        guard (0x30...0x39).contains(byte) else { return false }
        if first == nil { first = byte }
        digits += 1
      }
      last = byte
    }
    guard digits > 0, digits <= 15, last != UInt8(ascii: ".") else { return false }
    if first == 0x30, (point ?? digits) > 1 { return false }
    return point == nil ? !(first == 0x30 && text.utf8.first == UInt8(ascii: "-")) : last != 0x30
  }
}
