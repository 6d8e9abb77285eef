/// A reference to something on the web in its five parts, each as it was written (RFC 3986 section 3).
package struct WebAddress: Sendable, Hashable, CustomStringConvertible {
  package internal(set) var scheme: String?
  /// User, host and port together; nil without `//`.
  package internal(set) var authority: String?
  package internal(set) var path: String
  /// What stands behind `?`, which may be nothing.
  package internal(set) var query: String?
  /// What stands behind `#`, which may be nothing.
  package internal(set) var fragment: String?

  /// Splits a text, any of which is a reference of some kind (RFC 3986 appendix B).
  package init(_ text: String) {
    var rest = Array(text.utf8)[...]
    func string(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
    if let sharp = rest.firstIndex(of: UInt8(ascii: "#")) {
      fragment = string(rest[(sharp + 1)...])
      rest = rest[..<sharp]
    }
    if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
      query = string(rest[(mark + 1)...])
      rest = rest[..<mark]
    }
    let name = rest.prefix(while: AddressBytes.isOfScheme)
    if let first = name.first, AddressBytes.isLetter(first), name.endIndex < rest.endIndex,
      rest[name.endIndex] == UInt8(ascii: ":")
    {
      scheme = string(name)
      rest = rest[(name.endIndex + 1)...]
    }
    if rest.starts(with: "//".utf8) {
      let host = rest.dropFirst(2).prefix { $0 != UInt8(ascii: "/") }
      authority = string(host)
      rest = rest[host.endIndex...]
    }
    path = string(rest)
  }

  /// All parts put together again (RFC 3986 section 5.3).
  package var description: String {
    var text = scheme.map { $0 + ":" } ?? ""
    if let authority {
      text += "//" + authority
    } else if path.hasPrefix("//") {
      // Without it the path would be read as a host.
      text += "/."
    }
    text += path
    if let query { text += "?" + query }
    if let fragment { text += "#" + fragment }
    return text
  }

  /// What it means when it stands in a document of that address (RFC 3986 section 5.2, strict).
  package func resolved(against base: WebAddress) -> WebAddress {
    guard scheme == nil else { return withoutDots }
    var target = self
    target.scheme = base.scheme
    guard authority == nil else { return target.withoutDots }
    target.authority = base.authority
    if path.isEmpty {
      target.path = base.path
      target.query = query ?? base.query
      return target
    }
    if !path.hasPrefix("/") { target.path = base.merged(path) }
    return target.withoutDots
  }

  /// Without the segments `.` and `..` in its path (RFC 3986 section 5.2.4).
  package var withoutDots: WebAddress {
    var target = self
    if path.utf8.contains(UInt8(ascii: ".")) {
      target.path = String(decoding: WebAddress.withoutDots(Array(path.utf8)), as: UTF8.self)
    }
    return target
  }

  package var withoutFragment: WebAddress {
    var target = self
    target.fragment = nil
    return target
  }

  /// RFC 3986 section 5.2.3.
  private func merged(_ relative: String) -> String {
    if authority != nil && path.isEmpty { return "/" + relative }
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return relative }
    return path[...slash] + relative
  }

  private static func withoutDots(_ path: [UInt8]) -> [UInt8] {
    let (slash, dot) = (UInt8(ascii: "/"), UInt8(ascii: "."))
    var kept: [UInt8] = []
    kept.reserveCapacity(path.count)
    var place = 0
    while place < path.count {
      // A segment with the slash before it, which the first one may lack.
      let start = place + (path[place] == slash ? 1 : 0)
      let end = path[start...].firstIndex(of: slash) ?? path.count
      let dots = path[start..<end].allSatisfy { $0 == dot } ? end - start : 0
      if dots == 1 || dots == 2 {
        if dots == 2, start > place { while let last = kept.popLast(), last != slash {} }
        // The slash behind dots at the very beginning goes with them, and one before the last of them stays.
        if end == path.count, start > place { kept.append(slash) }
        place = start == place ? min(end + 1, path.count) : end
      } else {
        kept += path[place..<end]
        place = end
      }
    }
    return kept
  }
}
