/// The addresses whose word about a client counts: reverse proxies of the operator's own.
package struct TrustedProxies: Sendable {
  package struct Invalid: Error, CustomStringConvertible {
    package let entry: String
    package var description: String { "\"\(entry)\" is no address and no network such as 10.0.0.0/8 or fd00::/8" }
  }

  private struct Network {
    let base: IPAddress
    /// Of 128.
    let bits: Int
  }

  private let networks: [Network]

  /// Trusts nobody.
  package static let none = TrustedProxies(networks: [])

  private init(networks: [Network]) {
    self.networks = networks
  }

  /// Reads addresses and networks in CIDR form, separated by commas or spaces; throws `Invalid`.
  package init(_ text: String) throws(Invalid) {
    var networks: [Network] = []
    for entry in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
      let parts = entry.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      guard let base = IPAddress(parts[0]) else { throw Invalid(entry: String(entry)) }
      let width = base.isIPv4 ? 32 : 128
      let bits = parts.count == 1 ? width : parts[1].utf8.allSatisfy(\.isDigit) ? Int(parts[1]) : nil
      guard let bits, bits <= width else { throw Invalid(entry: String(entry)) }
      networks.append(Network(base: base, bits: bits + 128 - width))
    }
    self.networks = networks
  }

  package func trusts(_ address: IPAddress) -> Bool {
    networks.contains { address.shares($0.bits, with: $0.base) }
  }

  /// True for a peer over TCP from one of the addresses; the unix socket is not a proxy's.
  func trusts(_ peer: Peer) -> Bool {
    guard !networks.isEmpty, case .address(let text) = peer, let address = IPAddress(text) else { return false }
    return trusts(address)
  }
}
