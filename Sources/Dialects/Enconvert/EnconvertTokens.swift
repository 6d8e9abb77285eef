import Basics
import Engine
import Storage

/// What pages that have a public key send in its place: a JSON web token (RFC 7519, HS256) that holds the key for an hour.
struct EnconvertTokens: Sendable {
  private static let life: Int64 = 3600
  private static let head = Base64.encodeForAddress(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8))

  let parts: DialectParts

  func document(of key: String, for holder: KeyHolder) -> [UInt8] {
    var claims = JSONWriter()
    claims.object { document in
      document.member("sub", holder.workspace.slug)
      document.member("key", key)
      document.member("exp", parts.jobs.now.seconds + EnconvertTokens.life)
    }
    let signed = EnconvertTokens.head + "." + Base64.encodeForAddress(claims.bytes)
    let token = signed + "." + Base64.encodeForAddress(code(of: signed))
    var writer = JSONWriter()
    writer.object { document in
      document.member("token", token)
      document.member("access_token", token)
      document.member("token_type", "bearer")
      document.member("expires_in", EnconvertTokens.life)
    }
    return writer.bytes
  }

  /// The key in a token, or the text itself when that is none of ours, or its time is over.
  func key(of text: String) -> String {
    guard text.hasPrefix(EnconvertTokens.head + "."), let dot = text.lastIndex(of: "."),
      let given = Base64.decodeFromAddress(text[text.index(after: dot)...]),
      isSameSecret(given, code(of: String(text[..<dot]))),
      let bytes = Base64.decodeFromAddress(text[..<dot].dropFirst(EnconvertTokens.head.count + 1)),
      let claims = try? JSONReader.parse(bytes), let key = claims["key"]?.string,
      claims["exp"]?.integer ?? 0 > parts.jobs.now.seconds
    else { return text }
    return key
  }

  private func code(of text: String) -> [UInt8] {
    parts.jobs.store.code(for: "tokens of public keys").code(for: Array(text.utf8))
  }
}
