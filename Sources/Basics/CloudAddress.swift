/// The scheme and the host of a place, as requests to it and their signatures have them.
package struct CloudAddress {
  package let scheme: String
  /// Host and port; the port only when it is not the scheme's own, as in the header field Host.
  package let authority: String

  private static let schemes = [("https://", ":443"), ("http://", ":80")]

  /// Nil when there is no host.
  package init?(_ place: CloudPlace) {
    var rest = place.endpoint.lowercased()
    var own = ":21"
    if place.kind == .ftp {
      scheme = "ftp://"
    } else {
      guard let found = CloudAddress.schemes.first(where: { rest.hasPrefix($0.0) }) else { return nil }
      (scheme, own) = found
      rest = String(rest.dropFirst(scheme.count))
    }
    if rest.hasSuffix(own) { rest = String(rest.dropLast(own.count)) }
    guard !rest.isEmpty else { return nil }
    authority = place.kind == .s3 && place.style == .host ? place.bucket.lowercased() + "." + rest : rest
  }

  /// What is wrong with the host, or nil.
  var problem: String? {
    let isSound = authority.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x61...0x7A, 0x2D, 0x2E, 0x3A, 0x5B, 0x5D, 0x5F: true
      default: false
      }
    }
    guard isSound, !authority.hasPrefix(":") else { return "must be a host, with a port if need be, and nothing else" }
    let end = authority.lastIndex(of: "]") ?? authority.startIndex
    if let colon = authority[end...].lastIndex(of: ":"), end < colon,
      !(UInt16(authority[authority.index(after: colon)...]).map { $0 > 0 } ?? false)
    {
      return "has a port that is not from 1 to 65535"
    }
    return nil
  }
}
