import Basics

/// What a proxy says about the client it speaks for: X-Forwarded-For, -Proto and -Host, else Forwarded (RFC 7239).
///
/// Each proxy appends to the lists, so only their right ends come from one that is trusted. The older fields win: a
/// proxy that sets them may pass on a Forwarded field that its client made up.
struct ForwardedFields {
  /// One proxy's words; what it does not say or nobody understands is nil.
  struct Hop: Equatable {
    var client: IPAddress?
    var scheme: String?
    var host: String?
  }

  /// No chain of proxies is longer; what a client made up stands before it.
  private static let mostHops = 64

  /// From the client's end to ours; the last of them.
  let hops: [Hop]
  /// What the last proxy set for the whole chain.
  private let scheme: String?
  private let host: String?
  /// The path that the last proxy has taken away (X-Forwarded-Prefix, as Traefik and Spring know it).
  let prefix: PathPrefix?

  init(_ headers: Headers) {
    let addresses = ForwardedFields.list(headers.values(of: .forwardedFor))
    scheme = ForwardedFields.scheme(ForwardedFields.list(headers.values(of: .forwardedProto)).last)
    host = ForwardedFields.host(ForwardedFields.list(headers.values(of: .forwardedHost)).last)
    prefix = ForwardedFields.list(headers.values(of: .forwardedPrefix)).last.flatMap { PathPrefix($0) }
    if addresses.isEmpty && scheme == nil && host == nil {
      hops = ForwardedFields.elements(headers.values(of: .forwarded))
    } else {
      hops = addresses.suffix(ForwardedFields.mostHops).map { Hop(client: ForwardedFields.address($0)) }
    }
  }

  /// The client: the right-most address that is no trusted proxy's, with what its proxy said of scheme and host.
  ///
  /// An entry that is no address ends the search, and the last good one stands.
  func origin(from peer: IPAddress?, trusting proxies: TrustedProxies) -> Hop {
    var origin = Hop(client: peer, scheme: scheme, host: host)
    for hop in hops.reversed() {
      guard let client = hop.client else { break }
      origin = Hop(client: client, scheme: hop.scheme ?? scheme, host: hop.host ?? host)
      if !proxies.trusts(client) { break }
    }
    return origin
  }

  private static func list(_ values: [String]) -> [Substring] {
    values.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }.suffix(mostHops).map(trimmed)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }

  /// An address, with or without a port; an IPv6 one with a port stands in brackets.
  private static func address(_ text: Substring) -> IPAddress? {
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      return IPAddress(text[text.index(after: text.startIndex)..<end])
    }
    if let whole = IPAddress(text) { return whole }
    let parts = text.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, parts[1].utf8.allSatisfy(\.isDigit) else { return nil }
    return IPAddress(parts[0])
  }

  private static func scheme(_ text: Substring?) -> String? {
    guard let text = text?.lowercased(), text == "http" || text == "https" else { return nil }
    return text
  }

  /// Hosts end up in links, so one that is not like a Host field is ignored.
  private static func host(_ text: Substring?) -> String? {
    guard let text else { return nil }
    let isHost = Array(text.utf8).withUnsafeBytes { RequestTarget.isAuthority($0) }
    return isHost ? String(text) : nil
  }

  /// The elements of Forwarded fields; commas within quotes do not separate them.
  private static func elements(_ values: [String]) -> [Hop] {
    values.flatMap { split($0[...], at: ",") }.suffix(mostHops).map { element in
      var hop = Hop()
      for pair in split(element, at: ";") {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { continue }
        var value = trimmed(parts[1])
        if value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") { value = value.dropFirst().dropLast() }
        switch trimmed(parts[0]).lowercased() {
        case "for": hop.client = address(value)
        case "proto": hop.scheme = scheme(value)
        case "host": hop.host = host(value)
        default: break
        }
      }
      return hop
    }
  }

  private static func split(_ text: Substring, at separator: Character) -> [Substring] {
    var isQuoted = false
    return text.split(omittingEmptySubsequences: false) { character in
      if character == "\"" { isQuoted.toggle() }
      return character == separator && !isQuoted
    }
  }
}
