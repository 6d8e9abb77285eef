/// How keys are written.
enum TOMLKey {
  /// True for a byte that a bare key may have.
  static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x5F, 0x2D: true
    default: false
    }
  }

  /// The key bare where it can be, and otherwise quoted.
  static func written(_ key: some StringProtocol) -> String {
    !key.isEmpty && key.utf8.allSatisfy(isBare) ? String(key) : quoted(key)
  }

  /// A basic string, in which quotation marks, backslashes and control characters are escaped.
  static func quoted(_ text: some StringProtocol) -> String {
    var result: [UInt8] = [0x22]
    for byte in text.utf8 {
      switch byte {
      case 0x08: result += [0x5C, 0x62]
      case 0x09: result += [0x5C, 0x74]
      case 0x0A: result += [0x5C, 0x6E]
      case 0x0C: result += [0x5C, 0x66]
      case 0x0D: result += [0x5C, 0x72]
      case 0x22, 0x5C: result += [0x5C, byte]
      case ..<0x20, 0x7F: result += Array("\\u00".utf8) + [digit(byte >> 4), digit(byte & 15)]
      default: result.append(byte)
      }
    }
    result.append(0x22)
    return String(decoding: result, as: UTF8.self)
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x41 + value - 10 }
}
