package import Basics

/// The addresses whose word about a client counts: reverse proxies of the operator's own.
package struct TrustedProxies: Sendable {
  package struct Invalid: Error, CustomStringConvertible {
    package let entry: String
    package var description: String { "\"\(entry)\" is no address and no network such as 10.0.0.0/8 or fd00::/8" }
  }

  private let networks: [Network]
  /// The name of the field in which they name who is signed in, or nil; taken off every request, whoever sends it.
  let userField: [UInt8]?

  /// Trusts nobody.
  package static let none = TrustedProxies(networks: [])

  private init(networks: [Network]) {
    self.networks = networks
    userField = nil
  }

  /// Reads addresses and networks in CIDR form, separated by commas or spaces; throws `Invalid`.
  ///
  /// `userField` is the name of the field in which they name who is signed in.
  package init(_ text: String, userField: String? = nil) throws(Invalid) {
    guard let networks = Network.list(text) else { throw Invalid(entry: text) }
    self.networks = networks
    self.userField = userField.map { Array($0.utf8) }
  }

  package func trusts(_ address: IPAddress) -> Bool {
    networks.contains { $0.contains(address) }
  }

  /// True for a peer over TCP from one of the addresses; the unix socket is not a proxy's.
  func trusts(_ peer: Peer) -> Bool {
    guard !networks.isEmpty, case .address(let text) = peer, let address = IPAddress(text) else { return false }
    return trusts(address)
  }
}
