/// Decodes base64 that comes in pieces; line breaks and spaces are skipped (RFC 2045 section 6.8).
package struct Base64Decoder {
  private static let other: UInt8 = 0xFF
  /// The value of each digit; `other` for all other bytes.
  private static let values: [UInt8] = (0...255).map { byte in
    switch UInt8(byte) {
    case 0x41...0x5A: UInt8(byte) - 0x41
    case 0x61...0x7A: UInt8(byte) - 0x47
    case 0x30...0x39: UInt8(byte) + 4
    case 0x2B: 62
    case 0x2F: 63
    default: other
    }
  }

  private var bits: UInt32 = 0
  private var digits = 0
  private var padding = 0

  package init() {}

  package mutating func decode(_ bytes: UnsafeRawBufferPointer) throws(HTTPFailure) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count / 4 * 3 + 3)
    try Base64Decoder.values.withUnsafeBufferPointer { values throws(HTTPFailure) in
      var index = 0
      while index < bytes.count {
        if digits == 0 && padding == 0 {
          index = Base64Decoder.takeGroups(bytes, from: index, values, &decoded)
          if index == bytes.count { break }
        }
        try take(bytes[index], values, &decoded)
        index += 1
      }
    }
    return decoded
  }

  /// Decodes whole groups of digits up to the first other byte; gives the place after them.
  private static func takeGroups(
    _ bytes: UnsafeRawBufferPointer, from start: Int, _ values: UnsafeBufferPointer<UInt8>, _ decoded: inout [UInt8]
  ) -> Int {
    var index = start
    while index + 4 <= bytes.count {
      let (a, b) = (values[Int(bytes[index])], values[Int(bytes[index + 1])])
      let (c, d) = (values[Int(bytes[index + 2])], values[Int(bytes[index + 3])])
      // Digits are below 64.
      if (a | b | c | d) & 0xC0 != 0 { break }
      decoded.append(a << 2 | b >> 4)
      decoded.append(b << 4 | c >> 2)
      decoded.append(c << 6 | d)
      index += 4
    }
    return index
  }

  private mutating func take(
    _ byte: UInt8, _ values: UnsafeBufferPointer<UInt8>, _ decoded: inout [UInt8]
  ) throws(HTTPFailure) {
    switch byte {
    case .carriageReturn, .lineFeed, .space, .tab: break
    case 0x3D:
      padding += 1
      guard digits >= 2, digits + padding <= 4 else { throw Base64Decoder.failure }
      if digits + padding == 4 { flush(&decoded) }
    default:
      let value = values[Int(byte)]
      guard value != Base64Decoder.other, padding == 0 else { throw Base64Decoder.failure }
      bits = bits << 6 | UInt32(value)
      digits += 1
      if digits == 4 { flush(&decoded) }
    }
  }

  package func finish() throws(HTTPFailure) {
    guard digits == 0 else { throw Base64Decoder.failure }
  }

  private mutating func flush(_ decoded: inout [UInt8]) {
    let group = bits << UInt32(6 * (4 - digits))
    decoded.append(UInt8(truncatingIfNeeded: group >> 16))
    if digits > 2 { decoded.append(UInt8(truncatingIfNeeded: group >> 8)) }
    if digits > 3 { decoded.append(UInt8(truncatingIfNeeded: group)) }
    (bits, digits) = (0, 0)
  }

  private static let failure = HTTPFailure.badForm("a base64 part is not base64")
}
