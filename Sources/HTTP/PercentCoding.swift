import Basics

/// Percent-encoded URL parts read strictly (RFC 3986 section 2.1); `PercentEncoding` writes them.
package enum PercentCoding {
  /// The text that the bytes stand for; nil for a bad escape, NUL or bytes that are not UTF-8.
  static func decode(_ bytes: some Collection<UInt8>, plusIsSpace: Bool = false) -> String? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var iterator = bytes.makeIterator()
    while let byte = iterator.next() {
      switch byte {
      case .percent:
        guard let high = iterator.next().flatMap(Hexadecimal.value),
          let low = iterator.next().flatMap(Hexadecimal.value)
        else { return nil }
        decoded.append(high << 4 | low)
      case 0x2B where plusIsSpace: decoded.append(.space)
      default: decoded.append(byte)
      }
    }
    return decoded.contains(0) ? nil : String(validating: decoded, as: UTF8.self)
  }

  /// The pairs of an `application/x-www-form-urlencoded` text; nil when one cannot be decoded.
  package static func pairs(_ bytes: some Collection<UInt8>) -> [(name: String, value: String)]? {
    var pairs: [(name: String, value: String)] = []
    for piece in bytes.split(separator: 0x26) {
      let parts = piece.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
      guard let first = parts.first, let name = decode(first, plusIsSpace: true),
        let value = parts.count > 1 ? decode(parts[1], plusIsSpace: true) : ""
      else { return nil }
      pairs.append((name, value))
    }
    return pairs
  }
}
