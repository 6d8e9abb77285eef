import Formats

/// The server that an address of the web leads to, by its name and port.
struct PageHost: Equatable {
  private static let ports = ["http": 80, "ws": 80, "https": 443, "wss": 443]

  let name: String
  let port: String

  /// Nil for an address that is none of the web's.
  init?(of address: String) {
    let parts = WebAddress(address)
    guard let usual = parts.scheme.flatMap({ PageHost.ports[$0.lowercased()] }), let host = parts.host, !host.isEmpty
    else { return nil }
    // Whoever dials it knows a numeric address without its brackets.
    name = (host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host[...]).lowercased()
    port = "\(parts.port ?? usual)"
  }
}
