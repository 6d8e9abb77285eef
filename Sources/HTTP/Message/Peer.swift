/// Who is on the other end of a connection.
package enum Peer: Sendable, Equatable, CustomStringConvertible {
  /// An IP address without its port.
  case address(String)
  /// A process on this machine, by its user id.
  case unix(user: UInt32)

  package var description: String {
    switch self {
    case .address(let address): address
    case .unix(let user): "uid:\(user)"
    }
  }
}
