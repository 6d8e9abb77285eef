import Basics

/// What a provider says of a person, as it came from its own token endpoint.
///
/// No signature is checked, for nobody but the provider was on the other end of the connection, whose certificate was
/// (OpenID Connect Core 1.0, section 3.1.3.7, point 6).
struct IdentityToken {
  /// Why a token is not believed, for the log.
  struct Doubt: Error, Equatable, CustomStringConvertible {
    let description: String
    init(_ text: String) { description = text }
  }

  /// How far the provider's clock may be off, in seconds.
  private static let drift: Int64 = 120
  private static let longestSubject = 255

  let subject: String
  let claims: JSONValue

  /// Throws `Doubt` for a token that is no token, of another issuer, for another client, too old, or an answer to another
  /// request.
  init(_ text: String, issuer: String, client: String, nonce: String, at now: Timestamp) throws(Doubt) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let bytes = IdentityToken.decode(parts[1]),
      let claims = try? JSONReader.parse(bytes, from: .client), claims.members != nil
    else { throw Doubt("the ID token is no token that can be read") }
    guard claims["iss"]?.string == issuer else { throw Doubt("the ID token is of another issuer") }
    let audience = claims["aud"]?.string.map { [$0] } ?? claims["aud"]?.array?.compactMap(\.string) ?? []
    guard audience.contains(client) else { throw Doubt("the ID token is for another client") }
    let party = claims["azp"]
    guard audience.count == 1 || party != nil, party == nil || party?.string == client else {
      throw Doubt("the ID token was given to another party")
    }
    guard let end = IdentityToken.seconds(claims["exp"]), end > now.seconds - IdentityToken.drift else {
      throw Doubt("the ID token has expired")
    }
    guard let start = IdentityToken.seconds(claims["iat"]), start < now.seconds + IdentityToken.drift else {
      throw Doubt("the ID token is of a time to come")
    }
    guard let given = claims["nonce"]?.string, isSameSecret(given.utf8, nonce.utf8) else {
      throw Doubt("the ID token answers another request")
    }
    guard let subject = claims["sub"]?.string, (1...IdentityToken.longestSubject).contains(subject.utf8.count) else {
      throw Doubt("the ID token names nobody")
    }
    self.subject = subject
    self.claims = claims
  }

  /// A number of seconds, which may have a fraction (RFC 7519, section 2).
  private static func seconds(_ value: JSONValue?) -> Int64? {
    value?.decimal.flatMap { abs($0) < 1e15 ? Int64($0) : nil }
  }

  /// Base64 in the letters of addresses, without padding (RFC 7515, section 2).
  private static func decode(_ text: Substring) -> [UInt8]? {
    guard text.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2F && $0 != 0x3D }) else { return nil }
    let plain = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    return Base64.decode(plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4))
  }
}
