package import Basics
import Synchronization

/// Decides which socket addresses may be dialled for customers; every connection that leaves the server asks it.
package final class AddressGuard: Sendable {
  /// Why an address may not be dialled, for operators; clients are told one sentence for all.
  package enum Objection: Error, Sendable, Equatable, CustomStringConvertible {
    case reserved(String)
    case port(Int)
    /// One of this server's own addresses, allowed networks or not.
    case own
    /// Another than the server that was asked, which says that its bytes are there.
    case elsewhere
    case unreadable

    package var description: String {
      switch self {
      case .reserved(let purpose): "the address is \(purpose); WONDER_ALLOW_PRIVATE_TARGETS can allow its network"
      case .port(let port): "port \(port) is not among WONDER_TARGET_PORTS"
      case .own: "the address is this server's own"
      case .elsewhere: "the server has sent to another address"
      case .unreadable: "the address is of no known kind"
      }
    }
  }

  private struct Own: Sendable {
    let addresses: [IPAddress]
    let port: UInt16
  }

  private let allowed: [Network]
  private let ports: PortSet
  private let own = Mutex<[Own]>([])

  /// `allowed` are private networks that may be reached all the same.
  package init(allowed: [Network], ports: PortSet) {
    self.allowed = allowed
    self.ports = ports
  }

  /// Takes WONDER_ALLOW_PRIVATE_TARGETS and WONDER_TARGET_PORTS, which were checked when they were read.
  package convenience init(_ settings: Settings) {
    guard let ports = PortSet(settings.text(.targetPorts)) else {
      preconditionFailure("WONDER_TARGET_PORTS was checked when it was read")
    }
    self.init(allowed: Network.list(settings.text(.allowPrivateTargets)) ?? [], ports: ports)
  }

  /// For the places that an operator has named in settings, which may be in the networks of a house and on this machine, on
  /// any port; what gives a machine's own secrets away by its link (169.254.169.254) stays refused.
  package static func forOperators() -> AddressGuard {
    let houses = "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7"
    guard let ports = PortSet("1-65535") else { preconditionFailure("all ports are no set") }
    return AddressGuard(allowed: Network.list(houses) ?? [], ports: ports)
  }

  /// Refuses from now on what this server itself listens on; an unspecified address stands for all of this machine's.
  package func listens(on address: IPAddress, port: UInt16) {
    let addresses = address.isUnspecified ? [address] + LocalAddresses.all() : [address]
    own.withLock { $0.append(Own(addresses: addresses, port: port)) }
  }

  /// What stands against a connection to the numeric address and port of a socket, or nil.
  package func objection(to text: String, port: Int) -> Objection? {
    guard let address = IPAddress(text), let number = UInt16(exactly: port) else { return .unreadable }
    // An IPv6 socket to a mapped address ends at an IPv4 one, past any rule made for IPv6 (RFC 4291 section 2.5.5.2).
    if address.isIPv4 && text.utf8.contains(0x3A) { return .reserved("IPv4-mapped") }
    if !ports.contains(number) { return .port(port) }
    if own.withLock({ $0.contains { $0.port == number && $0.addresses.contains(address) } }) { return .own }
    if allowed.contains(where: { $0.contains(address) }) { return nil }
    return ReservedNetwork.all.first { $0.network.contains(address) }.map { .reserved($0.purpose) }
  }
}
