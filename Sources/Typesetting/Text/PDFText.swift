/// Numbers and strings as a PDF writes them.
enum PDFText {
  /// Adds a number with two decimals at most.
  static func append(_ value: Double, to bytes: inout [UInt8]) {
    let hundredths = Int((min(max(value, -1e9), 1e9) * 100).rounded())
    if hundredths < 0 { bytes.append(UInt8(ascii: "-")) }
    let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    append(whole, to: &bytes)
    guard rest > 0 else { return }
    bytes.append(UInt8(ascii: "."))
    bytes.append(UInt8(0x30 + rest / 10))
    if rest % 10 > 0 { bytes.append(UInt8(0x30 + rest % 10)) }
  }

  /// Adds a place, with a space between its numbers.
  static func append(_ x: Double, _ y: Double, to bytes: inout [UInt8]) {
    append(x, to: &bytes)
    bytes.append(UInt8(ascii: " "))
    append(y, to: &bytes)
  }

  /// Adds numbers with a space behind each.
  static func append(operands: [Double], to bytes: inout [UInt8]) {
    for operand in operands {
      append(operand, to: &bytes)
      bytes.append(UInt8(ascii: " "))
    }
  }

  private static func append(_ whole: Int, to bytes: inout [UInt8]) {
    if whole >= 10 { append(whole / 10, to: &bytes) }
    bytes.append(UInt8(0x30 + whole % 10))
  }

  static func number(_ value: Double) -> String {
    var bytes: [UInt8] = []
    append(value, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Adds a code within a string in parentheses (PDF 32000-1, 7.3.4.2).
  @inline(__always)
  static func append(code: UInt8, to bytes: inout [UInt8]) {
    if code == 0x28 || code == 0x29 || code == 0x5C { bytes.append(0x5C) }
    bytes.append(code)
  }

  /// An ASCII text as a string of a PDF.
  static func string(_ text: String) -> String {
    var bytes: [UInt8] = [0x28]
    for byte in text.utf8 { append(code: byte, to: &bytes) }
    return String(decoding: bytes + [0x29], as: UTF8.self)
  }

  /// A text that viewers show, in UTF-16 (7.9.2.2).
  static func shown(_ text: String) -> String {
    var digits = "<FEFF"
    for unit in text.utf16 {
      let number = String(unit, radix: 16, uppercase: true)
      digits += String(repeating: "0", count: 4 - number.count) + number
    }
    return digits + ">"
  }
}
