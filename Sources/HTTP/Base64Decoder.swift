/// Decodes base64 that comes in pieces; line breaks and spaces are skipped (RFC 2045 section 6.8).
package struct Base64Decoder {
  private var bits: UInt32 = 0
  private var digits = 0
  private var padding = 0

  package init() {}

  package mutating func decode(_ bytes: UnsafeRawBufferPointer) throws(HTTPFailure) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count / 4 * 3 + 3)
    for byte in bytes {
      switch byte {
      case .carriageReturn, .lineFeed, .space, .tab: continue
      case 0x3D:
        padding += 1
        guard digits >= 2, digits + padding <= 4 else { throw Base64Decoder.failure }
        if digits + padding == 4 { flush(&decoded) }
      default:
        guard let value = Base64Decoder.value(of: byte), padding == 0 else { throw Base64Decoder.failure }
        bits = bits << 6 | UInt32(value)
        digits += 1
        if digits == 4 { flush(&decoded) }
      }
    }
    return decoded
  }

  package func finish() throws(HTTPFailure) {
    guard digits == 0 else { throw Base64Decoder.failure }
  }

  private mutating func flush(_ decoded: inout [UInt8]) {
    let group = bits << UInt32(6 * (4 - digits))
    let whole = [
      UInt8(truncatingIfNeeded: group >> 16), UInt8(truncatingIfNeeded: group >> 8), UInt8(truncatingIfNeeded: group),
    ]
    decoded.append(contentsOf: whole[..<(digits - 1)])
    (bits, digits) = (0, 0)
  }

  private static let failure = HTTPFailure.badForm("a base64 part is not base64")

  private static func value(of byte: UInt8) -> UInt8? {
    switch byte {
    case 0x41...0x5A: byte - 0x41
    case 0x61...0x7A: byte - 0x47
    case 0x30...0x39: byte + 4
    case 0x2B: 62
    case 0x2F: 63
    default: nil
    }
  }
}
