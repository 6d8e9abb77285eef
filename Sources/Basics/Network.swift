import Glibc

/// A range of IPv4 or IPv6 addresses, as 10.0.0.0/8 or fd00::/8 writes it; an address alone is a range of one.
package struct Network: Sendable, Hashable, CustomStringConvertible {
  /// 4 or 16 bytes, all bits beyond the prefix clear.
  private let bytes: [UInt8]
  private let prefix: Int
  package let description: String

  /// Reads one network; nil for anything else, a prefix with bits to its right included.
  package init?(_ text: some StringProtocol) {
    let text = String(text)
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let first = parts.first, let bytes = Network.bytes(first) else { return nil }
    let bits = bytes.count * 8
    var prefix = bits
    if parts.count == 2 {
      let isPlain = !parts[1].isEmpty && parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) }
      guard isPlain, let number = Int(parts[1]), number <= bits else { return nil }
      prefix = number
    }
    self.bytes = bytes
    self.prefix = prefix
    description = text
    guard bytes == Network.masked(bytes, prefix) else { return nil }
  }

  /// Reads networks separated by commas or spaces; nil when one of them is none.
  package static func list(_ text: String) -> [Network]? {
    var found: [Network] = []
    for word in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
      guard let network = Network(word) else { return nil }
      found.append(network)
    }
    return found
  }

  /// True for an address of 4 or 16 bytes in this range; the two families have nothing in common.
  package func contains(_ address: [UInt8]) -> Bool {
    address.count == bytes.count && Network.masked(address, prefix) == bytes
  }

  /// The 4 or 16 bytes of a numeric address, or nil.
  package static func bytes(_ text: String) -> [UInt8]? {
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
    var sixteen = in6_addr()
    if inet_pton(AF_INET6, text, &sixteen) == 1 { return withUnsafeBytes(of: sixteen) { Array($0) } }
    return nil
  }

  private static func masked(_ bytes: [UInt8], _ prefix: Int) -> [UInt8] {
    bytes.indices.map { index in
      let kept = min(8, max(0, prefix - index * 8))
      return bytes[index] & UInt8(truncatingIfNeeded: 0xFF00 >> kept)
    }
  }
}
