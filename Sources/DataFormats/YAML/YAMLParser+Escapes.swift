/// Escapes within double quotes (YAML 1.2.2 section 5.7).
extension YAMLParser {
  /// Decodes the escape at the place.
  mutating func escape() throws(DataFault) {
    let start = place
    let code = byte(1)
    place += 2
    if let plain = Self.escapes[code] {
      document.decoded.append(contentsOf: plain.utf8)
      return
    }
    let digits: [UInt8: Int] = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8]
    guard let count = digits[code] else {
      place = start + 1
      throw fault("\(found()) cannot be escaped: expected one of 0abtnvfre\"/\\N_LPxuU behind “\\”", at: start)
    }
    var value = try number(count, at: start)
    // What JSON writes for characters beyond 0xFFFF.
    if 0xD800...0xDBFF ~= value, byte() == Mark.backslash, byte(1) == UInt8(ascii: "u") {
      place += 2
      let low = try number(4, at: start)
      if 0xDC00...0xDFFF ~= low { value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00) }
    }
    guard let scalar = Unicode.Scalar(value), let encoded = UTF8.encode(scalar) else {
      throw fault("the escape names no character", at: start)
    }
    document.decoded.append(contentsOf: encoded)
  }

  private mutating func number(_ count: Int, at start: Int) throws(DataFault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let digit = Self.digit(byte()) else {
        throw fault("the escape is incomplete: expected \(count) hexadecimal digits", at: start)
      }
      value = value << 4 | UInt32(digit)
      place += 1
    }
    return value
  }

  private static let escapes: [UInt8: String] = [
    UInt8(ascii: "0"): "\0", UInt8(ascii: "a"): "\u{7}", UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "t"): "\t",
    Mark.tab: "\t", UInt8(ascii: "n"): "\n", UInt8(ascii: "v"): "\u{B}", UInt8(ascii: "f"): "\u{C}",
    UInt8(ascii: "r"): "\r", UInt8(ascii: "e"): "\u{1B}", Mark.space: " ", Mark.doubleQuote: "\"",
    UInt8(ascii: "/"): "/",
    Mark.backslash: "\\", UInt8(ascii: "N"): "\u{85}", UInt8(ascii: "_"): "\u{A0}", UInt8(ascii: "L"): "\u{2028}",
    UInt8(ascii: "P"): "\u{2029}",
  ]
}
