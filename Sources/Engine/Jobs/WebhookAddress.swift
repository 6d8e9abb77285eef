/// Checks the form of an address that a client wants to be called at; where it leads is checked when it is called.
package enum WebhookAddress {
  static let longest = 2048

  /// What is wrong with a URL, or nil when it can be stored.
  package static func problem(of url: String) -> String? {
    guard url.utf8.count <= longest else { return "is longer than \(longest) characters" }
    guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return "has characters that a URL must encode" }
    let lower = url.lowercased()
    guard let scheme = ["http://", "https://"].first(where: lower.hasPrefix) else {
      return "must begin with http:// or https://"
    }
    let authority = url.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.contains("@") else { return "must not hold a user name or password" }
    let (host, port) = split(authority)
    guard !host.isEmpty else { return "has no host" }
    if let port, !(UInt16(port).map { $0 > 0 } ?? false) { return "has a port that is not from 1 to 65535" }
    return nil
  }

  private static func split(_ authority: Substring) -> (host: Substring, port: Substring?) {
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      let rest = authority[authority.index(after: end)...]
      return (authority[...end], rest.hasPrefix(":") ? rest.dropFirst() : rest.isEmpty ? nil : rest)
    }
    guard let colon = authority.lastIndex(of: ":") else { return (authority, nil) }
    return (authority[..<colon], authority[authority.index(after: colon)...])
  }
}
