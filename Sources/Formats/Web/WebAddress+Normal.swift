extension WebAddress {
  /// The schemes of the web, with the port of each when none is named.
  private static let ports = ["http": 80, "https": 443]

  /// Reads a reference as it stands in a page: without white space around it and line ends in it, and with slashes that
  /// lean the wrong way (WHATWG URL, section 4.4).
  package init(written text: String) {
    func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }
    var bytes = Array(text.utf8)[...]
    bytes = bytes.drop(while: isBlank)
    while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    self.init(String(decoding: bytes.filter { $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }, as: UTF8.self))
    // Without a scheme the address of the page has one of the web.
    guard scheme == nil || isOfWeb, path.utf8.contains(0x5C) || authority?.utf8.contains(0x5C) ?? false else { return }
    let before = (authority.map { "//" + $0 } ?? "") + path
    let straight = WebAddress(String(decoding: before.utf8.map { $0 == 0x5C ? UInt8(ascii: "/") : $0 }, as: UTF8.self))
    // What begins with a letter and has a colon may be read as a scheme, which it was not.
    guard straight.scheme == nil else { return }
    (authority, path) = (straight.authority, straight.path)
  }

  private var isOfWeb: Bool { scheme.map { WebAddress.ports[$0.lowercased()] != nil } ?? false }

  /// True for `http` and `https` with a host.
  package var isWeb: Bool { isOfWeb && host?.isEmpty == false }

  /// Host without user and port, as it is written; of IPv6 with its brackets.
  package var host: String? { authority.map { WebAddress.split($0).host } }

  /// The port that is written, or else the usual one of the scheme; nil where there is none, or it is no port.
  package var port: Int? {
    guard let authority else { return nil }
    if let written = WebAddress.split(authority).port, !written.isEmpty {
      return Int(written).flatMap { (0...65_535).contains($0) ? $0 : nil }
    }
    return scheme.flatMap { WebAddress.ports[$0.lowercased()] }
  }

  /// Path and query, as they are asked for; the path is never empty.
  package var pathAndQuery: String { (path.isEmpty ? "/" : path) + (query.map { "?" + $0 } ?? "") }

  /// With what may stand in an address alone: other characters of path, query and fragment are UTF-8 in hexadecimal and
  /// those of the host Punycode, scheme and host are in small letters, and the usual port is left out.
  package var encoded: WebAddress {
    var target = self
    target.scheme = scheme?.lowercased()
    target.authority = authority.map { WebAddress.tidy($0, port: scheme.flatMap { WebAddress.ports[$0.lowercased()] }) }
    target.path = AddressBytes.encoded(path)
    target.query = query.map(AddressBytes.encoded)
    target.fragment = fragment.map(AddressBytes.encoded)
    return target
  }

  /// The one spelling by which two addresses are compared (RFC 3986 sections 6.2.2 and 6.2.3); its fragment is gone.
  package var normalised: WebAddress {
    var target = encoded
    target.path = AddressBytes.normalised(target.path)
    target = target.withoutDots
    if target.path.isEmpty, target.authority != nil { target.path = "/" }
    target.query = target.query.map(AddressBytes.normalised)
    target.fragment = nil
    return target
  }

  private static func split(_ authority: String) -> (user: String?, host: String, port: String?) {
    let bytes = Array(authority.utf8)
    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    let at = bytes.lastIndex(of: UInt8(ascii: "@"))
    let user = at.map { string(0..<$0) }
    let start = at.map { $0 + 1 } ?? 0
    guard let colon = bytes[start...].lastIndex(of: UInt8(ascii: ":")),
      bytes[(colon + 1)...].allSatisfy(AddressBytes.isDigit)
    else { return (user, string(start..<bytes.count), nil) }
    return (user, string(start..<colon), string(colon + 1..<bytes.count))
  }

  private static func tidy(_ authority: String, port usual: Int?) -> String {
    let (user, host, port) = split(authority)
    var text = user.map { AddressBytes.encoded($0) + "@" } ?? ""
    text += HostName.encoded(host)
    if let port, !port.isEmpty {
      let number = Int(port)
      if number == nil || number != usual { text += ":" + (number.map { String($0) } ?? port) }
    }
    return text
  }
}
