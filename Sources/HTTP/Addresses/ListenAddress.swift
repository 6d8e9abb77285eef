import Basics
import Glibc

/// Where a server listens.
package enum ListenAddress: Sendable, Equatable, CustomStringConvertible {
  /// A numeric IPv4 or IPv6 address; port 0 lets the kernel choose.
  case tcp(address: String, port: UInt16)
  case unix(path: String)

  /// The longest path that fits into a sockaddr_un with its NUL.
  static let longestPath = 107

  /// Reads "127.0.0.1:8080", "[::1]:8080", "localhost:8080", ":8080" for all addresses, or a path that begins with a
  /// slash; nil for anything else.
  package init?(_ text: String) {
    if text.hasPrefix("/") {
      self = .unix(path: text)
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    var address = text[..<colon]
    if address.hasPrefix("["), address.hasSuffix("]"), address.contains(":") {
      address = address.dropFirst().dropLast()
    } else if address.contains(":") {
      return nil
    }
    switch address {
    case "localhost": address = "127.0.0.1"
    case "", "*": address = "0.0.0.0"
    default: break
    }
    self = .tcp(address: String(address), port: port)
    guard (try? SocketAddress(self)) != nil else { return nil }
  }

  /// The text of an address as somebody on this machine can open it: for all addresses the one of this machine alone.
  package static func openable(_ text: String) -> String {
    guard case .tcp(let address, let port)? = ListenAddress(text) else { return text }
    return switch address {
    case "0.0.0.0": "127.0.0.1:\(port)"
    case "::", "::0", "0::0", "0:0:0:0:0:0:0:0": "[::1]:\(port)"
    default: "\(ListenAddress.tcp(address: address, port: port))"
    }
  }

  package var description: String {
    switch self {
    case .tcp(let address, let port): address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
    case .unix(let path): path
    }
  }
}
