/// A mail server as WONDER_SMTP_URL names it: smtp:// is encrypted by STARTTLS, smtps:// from its first byte.
package struct MailServer: Sendable, Equatable, CustomStringConvertible {
  package enum Security: Sendable, Equatable {
    case tls
    /// Nothing is said to a server that does not offer it.
    case startTLS
    /// For a server on this machine, whose words nobody else hears.
    case none
  }

  package let host: String
  package let port: UInt16
  package let security: Security
  package let user: String?
  package let password: String?

  /// Reads smtp://[USER:PASSWORD@]HOST[:PORT] and the same with smtps; nil for anything else.
  ///
  /// The ports are those of submission, 587 and 465 (RFC 8314 section 7); user and password are percent-encoded.
  package init?(_ text: String) {
    let isTLS = text.hasPrefix("smtps://")
    guard isTLS || text.hasPrefix("smtp://") else { return nil }
    var rest = text.dropFirst(isTLS ? 8 : 7)
    if rest.hasSuffix("/") { rest.removeLast() }
    if let at = rest.lastIndex(of: "@") {
      let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let user = MailServer.decoded(parts[0]), let password = MailServer.decoded(parts[1]),
        !user.isEmpty
      else { return nil }
      (self.user, self.password) = (user, password)
      rest = rest[rest.index(after: at)...]
    } else {
      (user, password) = (nil, nil)
    }
    var port: UInt16? = isTLS ? 465 : 587
    if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("]") {
      port = UInt16(rest[rest.index(after: colon)...])
      rest = rest[..<colon]
    }
    guard let port, port > 0, MailServer.isHost(rest) else { return nil }
    self.port = port
    host = String(rest)
    security = isTLS ? .tls : MailServer.isThisMachine(rest) ? .none : .startTLS
  }

  /// The address without user and password.
  package var description: String { "\(security == .tls ? "smtps" : "smtp")://\(host):\(port)" }

  private static func isHost(_ text: Substring) -> Bool {
    if text.hasPrefix("["), text.hasSuffix("]") { return IPAddress(text.dropFirst().dropLast()) != nil }
    return !text.isEmpty
      && text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
          || $0 == 0x2E
      }
  }

  private static func isThisMachine(_ host: Substring) -> Bool {
    if host.lowercased() == "localhost" { return true }
    let plain = host.hasPrefix("[") ? host.dropFirst().dropLast() : host
    guard let address = IPAddress(plain) else { return false }
    return ["127.0.0.0/8", "::1"].contains { Network($0)?.contains(address) ?? false }
  }

  /// Undoes the percent encoding; nil for a wrong one, for control characters and for what is no UTF-8.
  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == 0x25 else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let pair = Hexadecimal.decode(String(decoding: rest.prefix(2), as: UTF8.self).lowercased())
      else { return nil }
      bytes += pair
      rest = rest.dropFirst(2)
    }
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }
}
