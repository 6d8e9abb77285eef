/// A range of IPv4 or IPv6 addresses, as 10.0.0.0/8 or fd00::/8 writes it; an address alone is a range of one.
package struct Network: Sendable, Equatable {
  private let base: IPAddress
  /// The length of the prefix, of 128.
  private let bits: Int

  /// Reads one network; nil for anything else.
  package init?(_ text: some StringProtocol) {
    let parts = String(text).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let base = IPAddress(first) else { return nil }
    let width = base.isIPv4 ? 32 : 128
    var prefix = width
    if parts.count == 2 {
      let isPlain = parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) }
      guard isPlain, let number = Int(parts[1]), number <= width else { return nil }
      prefix = number
    }
    self.base = base
    bits = prefix + 128 - width
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

  /// An IPv6 network holds no IPv4 address, not even ::/0.
  package func contains(_ address: IPAddress) -> Bool {
    address.isIPv4 == base.isIPv4 && address.shares(bits, with: base)
  }
}
