import Basics

/// What counts as one client where addresses are counted: an IPv4 address, or the 64 bits of an IPv6 one that a customer of
/// a network has at least (RFC 6177).
enum ClientPlace {
  static func of(_ address: String) -> String {
    guard let parsed = IPAddress(address), !parsed.isIPv4 else { return address }
    return parsed.network64 + "/64"
  }
}
