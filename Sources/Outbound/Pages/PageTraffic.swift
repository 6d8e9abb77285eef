/// What a visit has moved over the network so far, and what went wrong there.
package struct PageTraffic: Sendable, Equatable {
  static let mostHosts = 100

  /// Bytes from other people's servers.
  package internal(set) var received: Int64 = 0
  /// Bytes to them.
  package internal(set) var sent: Int64 = 0
  package internal(set) var requests = 0
  /// The first trouble of each host, by its name as the page wrote it, in lower case; of at most 100 hosts.
  package internal(set) var troubles: [String: PageTrouble] = [:]
  /// The bound that the visit has met; nothing goes on from there.
  package internal(set) var exceeded: PageLimit?

  package init() {}

  package var isExceeded: Bool { exceeded != nil }

  mutating func note(_ trouble: PageTrouble, of host: String) {
    guard troubles[host] == nil, troubles.count < PageTraffic.mostHosts else { return }
    troubles[host] = trouble
  }
}
