import Basics

/// Where a provider is asked what, as it says itself (OpenID Connect Discovery 1.0, section 3).
struct ProviderDocument: Sendable {
  let authorization: String
  let token: String
  let userInfo: String?
  /// True when the client's secret goes into the body and not into a header field.
  let takesSecretInBody: Bool

  /// Throws `IdentityToken.Doubt` for a document of another issuer, or one that leads where nothing is safe.
  init(_ bytes: [UInt8], issuer: String) throws(IdentityToken.Doubt) {
    guard let document = try? JSONReader.parse(bytes, from: .client), document.members != nil else {
      throw .init("the provider's document is no JSON object")
    }
    guard document["issuer"]?.string == issuer else {
      throw .init("the provider calls itself \(document["issuer"]?.string?.prefix(200) ?? "nothing")")
    }
    func place(_ name: String) throws(IdentityToken.Doubt) -> String? {
      guard let text = document[name]?.string else { return nil }
      guard ProviderSettings.isSafe(text, beside: issuer) else { throw .init("\(name) is no https address") }
      return text
    }
    guard let authorization = try place("authorization_endpoint"), let token = try place("token_endpoint") else {
      throw .init("the provider's document lacks an endpoint")
    }
    self.authorization = authorization
    self.token = token
    userInfo = try place("userinfo_endpoint")
    let methods = document["token_endpoint_auth_methods_supported"]?.array?.compactMap(\.string)
    takesSecretInBody =
      methods.map { !$0.contains("client_secret_basic") && $0.contains("client_secret_post") } ?? false
  }
}
