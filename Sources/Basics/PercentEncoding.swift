/// Text made safe for a place in a URL (RFC 3986 section 2).
package enum PercentEncoding {
  /// One segment of a path: everything but unreserved characters is encoded.
  package static func segment(_ text: String) -> String {
    var result: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: result.append(byte)
      default: result += [0x25] + Array(Hexadecimal.encode([byte]).uppercased().utf8)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
