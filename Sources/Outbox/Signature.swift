package import Basics

/// How the receivers of a style check that a delivery is ours: HMAC-SHA256 (RFC 2104) in the form that each expects.
package enum Signature {
  /// Bare hexadecimal over the body: KoalaPic's page, and the SDK of api2convert.
  package static func plain(_ body: [UInt8], _ secret: String) -> String {
    Hexadecimal.encode(HMAC(key: Array(secret.utf8)).code(for: body))
  }

  /// "sha256=" and hexadecimal over the body: WonderConvert's page.
  package static func prefixed(_ body: [UInt8], _ secret: String) -> String { "sha256=" + plain(body, secret) }

  /// "t=…,v1=…" over "t.body" with the whole secret, its prefix included: Convertly's page.
  ///
  /// Two secrets give two v1; the sample there looks at the last one, so that is the newest secret's.
  package static func timestamped(_ body: [UInt8], _ secrets: [String], at moment: Timestamp) -> String {
    let codes = secrets.reversed().map { secret in
      let code = HMAC(key: Array(secret.utf8)).code(for: Array("\(moment.seconds).".utf8), body)
      return ",v1=" + Hexadecimal.encode(code)
    }
    return "t=\(moment.seconds)" + codes.joined()
  }

  /// "v1,…" in Base64 over "id.timestamp.body", one for each secret: Standard Webhooks 1.0.
  ///
  /// Nil when no secret is one of theirs, "whsec_" and 24 to 64 bytes in Base64; their libraries would fail on others.
  static func standard(_ body: [UInt8], _ secrets: [String], id: String, at moment: Timestamp) -> String? {
    let codes = secrets.compactMap(standardKey).map { key in
      "v1," + Base64.encode(HMAC(key: key).code(for: Array("\(id).\(moment.seconds).".utf8), body))
    }
    return codes.isEmpty ? nil : codes.joined(separator: " ")
  }

  private static func standardKey(_ secret: String) -> [UInt8]? {
    guard secret.hasPrefix("whsec_"), let key = Base64.decode(secret.dropFirst("whsec_".count)) else { return nil }
    return (24...64).contains(key.count) ? key : nil
  }
}
