/// Text in a URL, made safe for its place and read back (RFC 3986 section 2).
package enum PercentEncoding {
  /// One segment of a path: everything but unreserved characters is encoded.
  package static func segment(_ text: String) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: result.append(byte)
      default: append(byte, to: &result)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Writes a byte in hexadecimal, with large digits (RFC 3986 section 2.1).
  package static func append(_ byte: UInt8, to bytes: inout [UInt8]) {
    func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
    bytes.append(0x25)
    bytes.append(digit(byte >> 4))
    bytes.append(digit(byte & 15))
  }

  /// The text that encoded bytes stand for, read strictly; nil for a bad escape, NUL, bytes that are not UTF-8 or a letter
  /// with more than `CombiningMarks.most` marks.
  package static func decode(_ bytes: some Collection<UInt8>) -> String? {
    decoded(Array(bytes)[...], plusIsSpace: false)
  }

  private static func decoded(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> String? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var iterator = bytes.makeIterator()
    while let byte = iterator.next() {
      switch byte {
      case 0x25:
        guard let high = iterator.next().flatMap(Hexadecimal.value),
          let low = iterator.next().flatMap(Hexadecimal.value)
        else { return nil }
        decoded.append(high << 4 | low)
      case 0x2B where plusIsSpace: decoded.append(0x20)
      default: decoded.append(byte)
      }
    }
    guard !decoded.contains(0), let text = String(validating: decoded, as: UTF8.self) else { return nil }
    return CombiningMarks.areFew(in: text) ? text : nil
  }

  /// The pairs of an `application/x-www-form-urlencoded` text; nil when one cannot be decoded.
  package static func pairs(_ bytes: some Collection<UInt8>) -> [(name: String, value: String)]? {
    var pairs: [(name: String, value: String)] = []
    // As an array: what is written for any collection is slow byte by byte.
    for piece in Array(bytes).split(separator: 0x26) {
      let parts = piece.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
      guard let first = parts.first, let name = decoded(first, plusIsSpace: true),
        let value = parts.count > 1 ? decoded(parts[1], plusIsSpace: true) : ""
      else { return nil }
      pairs.append((name, value))
    }
    return pairs
  }
}
