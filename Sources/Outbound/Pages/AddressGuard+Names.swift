extension AddressGuard {
  /// Whether a host has an address that may be dialled at a port; asks the system for its name, which blocks.
  ///
  /// A name server that does not answer stands in nobody's way: whoever dials asks again.
  package func reaches(_ host: String, port: Int) -> Bool {
    switch PageNames.system(host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host) {
    case .addresses(let found): found.contains { objection(to: $0, port: port) == nil }
    case .unknown: false
    case .silent: true
    }
  }
}
