import Basics

/// A range of addresses that no customer's URL may lead to, and what it is.
///
/// From IANA's special-purpose address registries (RFC 6890 and later), without the few blocks there that are public,
/// and with those that wrap another address, whichever that is.
struct ReservedNetwork: Sendable {
  let network: Network
  let purpose: String

  private init?(_ text: String, _ purpose: String) {
    guard let network = Network(text) else { return nil }
    self.network = network
    self.purpose = purpose
  }

  static let all: [ReservedNetwork] = [
    ReservedNetwork("0.0.0.0/8", "this network"), ReservedNetwork("10.0.0.0/8", "private"),
    ReservedNetwork("100.64.0.0/10", "carrier-grade NAT"), ReservedNetwork("127.0.0.0/8", "loopback"),
    ReservedNetwork("168.63.129.16/32", "cloud host agent"), ReservedNetwork("169.254.0.0/16", "link-local"),
    ReservedNetwork("172.16.0.0/12", "private"), ReservedNetwork("192.0.0.0/24", "protocol assignments"),
    ReservedNetwork("192.0.2.0/24", "documentation"), ReservedNetwork("192.88.99.0/24", "6to4 relay"),
    ReservedNetwork("192.168.0.0/16", "private"), ReservedNetwork("198.18.0.0/15", "benchmarks"),
    ReservedNetwork("198.51.100.0/24", "documentation"), ReservedNetwork("203.0.113.0/24", "documentation"),
    ReservedNetwork("224.0.0.0/4", "multicast"), ReservedNetwork("240.0.0.0/4", "reserved"),
    ReservedNetwork("::/16", "unspecified, loopback or IPv4-compatible"), ReservedNetwork("64:ff9b::/96", "NAT64"),
    ReservedNetwork("64:ff9b:1::/48", "local NAT64"), ReservedNetwork("100::/48", "discard"),
    ReservedNetwork("2001::/23", "Teredo and protocol assignments"),
    ReservedNetwork("2001:db8::/32", "documentation"),
    ReservedNetwork("2002::/16", "6to4"), ReservedNetwork("3fff::/20", "documentation"),
    ReservedNetwork("5f00::/16", "segment routing"), ReservedNetwork("fc00::/7", "unique local"),
    ReservedNetwork("fe80::/10", "link-local"), ReservedNetwork("fec0::/10", "site-local"),
    ReservedNetwork("ff00::/8", "multicast"),
  ].compactMap { $0 }
}
