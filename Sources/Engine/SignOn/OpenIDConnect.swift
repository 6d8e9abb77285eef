package import Basics
package import Outbound
import Storage
import Synchronization

/// Signing in with a provider by OpenID Connect: the authorization code flow with PKCE.
///
/// Nothing is stored between the two halves. The browser keeps a random text in a cookie; state, nonce and verifier are made of
/// it with the server's key, so that only the browser that began can end.
package final class OpenIDConnect: Sendable {
  /// How long somebody may take at the provider.
  package static let patience = Duration.seconds(600)
  private static let documentLifetime = Duration.seconds(3600)
  private static let callTime = Duration.seconds(10)
  /// Sign-ins that one place may end, in 15 minutes; each costs the provider two calls.
  private static let mostOfPlace = 50

  private struct Cached {
    let document: ProviderDocument
    let until: Int64
  }

  package let provider: ProviderSettings
  private let newcomers: [RoleGrant]
  private let accounts: Accounts
  private let addresses: AddressGuard
  private let blocking: Blocking
  private let log: Log
  /// The address to which the provider sends the browser back.
  private let home: @Sendable () -> String
  private let cached = Mutex<Cached?>(nil)
  private let ends: Attempts

  package init(
    _ provider: ProviderSettings, newcomers: [RoleGrant], accounts: Accounts, addresses: AddressGuard,
    blocking: Blocking, log: Log, home: @escaping @Sendable () -> String
  ) {
    self.provider = provider
    self.newcomers = newcomers
    self.accounts = accounts
    self.addresses = addresses
    self.blocking = blocking
    self.log = log
    self.home = home
    ends = Attempts(clock: accounts.clock, most: OpenIDConnect.mostOfPlace, in: SignInLimit.span)
  }

  /// Where the browser is sent, and the cookie that it keeps meanwhile; throws a `Refusal`.
  package func begin() async throws -> (address: String, cookie: String) {
    let document = try await document()
    let cookie = "\(accounts.clock.now().seconds)-\(Base32.text(accounts.entropy.bytes(20)))"
    let challenge = OpenIDConnect.base64(SHA256.digest(made("verifier", cookie).utf8))
    let query = OpenIDConnect.form([
      ("response_type", "code"), ("client_id", provider.client), ("redirect_uri", home()),
      ("scope", provider.scopes), ("state", made("state", cookie)), ("nonce", made("nonce", cookie)),
      ("code_challenge", challenge), ("code_challenge_method", "S256"),
    ])
    return (document.authorization + (document.authorization.contains("?") ? "&" : "?") + query, cookie)
  }

  /// Takes what the provider sent the browser back with; gives the token of a session.
  ///
  /// Throws a `Refusal` when it did not begin in this browser, or the provider or this server says no.
  package func end(
    state: String?, code: String?, error: String?, cookie: String?, from address: String, agent: String
  ) async throws -> String {
    guard let cookie, let state, isSameSecret(state.utf8, made("state", cookie).utf8),
      let begun = Int64(cookie.prefix { $0 != "-" }),
      accounts.clock.now().seconds - begun < OpenIDConnect.patience.milliseconds / 1000
    else { throw Refusal.signOnRefused }
    guard let code, error == nil else {
      log.notice("the provider let nobody in", ["error": String((error ?? "no code").prefix(100))])
      throw Refusal.signOnRefused
    }
    if let seconds = ends.take(ClientPlace.of(address)) { throw Refusal.tooManySignIns(after: seconds) }
    let identity = try await identity(code, cookie)
    do {
      return try await accounts.signIn(
        identity, roles: provider.roles, newcomers: newcomers, from: address, agent: agent)
    } catch let refusal as Refusal where refusal == .unverifiedAddress {
      log.notice(
        "the provider let somebody in without a verified address, so nobody was found",
        ["needs": "the claims email and email_verified=true, see docs/sign-in.md"])
      throw refusal
    }
  }

  private func identity(_ code: String, _ cookie: String) async throws -> Accounts.Identity {
    let document = try await document()
    var fields = [
      ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", home()),
      ("code_verifier", made("verifier", cookie)),
    ]
    var headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")]
    if provider.secret.isEmpty || document.takesSecretInBody {
      fields.append(("client_id", provider.client))
      if !provider.secret.isEmpty { fields.append(("client_secret", provider.secret)) }
    } else {
      // Both are encoded as in a form first (RFC 6749, section 2.3.1).
      let pair = PercentEncoding.segment(provider.client) + ":" + PercentEncoding.segment(provider.secret)
      headers.append(("Authorization", "Basic " + Base64.encode(Array(pair.utf8))))
    }
    let answer = try await call(document.token, headers, .post(Array(OpenIDConnect.form(fields).utf8)))
    return try await doubted { [self] in
      guard let text = answer["id_token"]?.string else {
        throw IdentityToken.Doubt("the provider gave no ID token")
      }
      let token = try IdentityToken(
        text, issuer: provider.issuer, client: provider.client, nonce: made("nonce", cookie),
        at: accounts.clock.now())
      var claims = [token.claims]
      if token.claims["email"] == nil, let place = document.userInfo, let access = answer["access_token"]?.string {
        let more = try await call(place, [("Authorization", "Bearer " + access), ("Accept", "application/json")], .ask)
        // It may be another's (OpenID Connect Core 1.0, section 5.3.2).
        guard more["sub"]?.string == token.subject else {
          throw IdentityToken.Doubt("the user info is somebody else's")
        }
        claims.append(more)
      }
      return OpenIDConnect.identity(token.subject, claims, provider)
    }
  }

  private static func identity(
    _ subject: String, _ claims: [JSONValue], _ provider: ProviderSettings
  ) -> Accounts.Identity {
    let source = claims.first { $0["email"]?.string != nil }
    let verified = source?["email_verified"]
    let isVerified = verified?.boolean ?? (verified?.string == "true")
    let email = source?["email"]?.string.flatMap { MailAddress.problem(of: $0) == nil ? $0 : nil }
    let told = claims.compactMap { $0[provider.groupsClaim] }.first
    return Accounts.Identity(
      issuer: provider.issuer, subject: subject, email: isVerified ? email : nil,
      groups: told?.string.map { [$0] } ?? told?.array?.compactMap(\.string) ?? [])
  }

  /// What the provider says of itself, asked for once an hour.
  private func document() async throws -> ProviderDocument {
    let now = accounts.clock.monotonic()
    if let known = cached.withLock(\.self), known.until > now { return known.document }
    let reply = try await fetch(provider.document, [("Accept", "application/json")], .ask)
    let document = try await doubted { [provider] in try ProviderDocument(reply.preview, issuer: provider.issuer) }
    cached.withLock { $0 = Cached(document: document, until: now + OpenIDConnect.documentLifetime.nanoseconds) }
    return document
  }

  private func call(
    _ address: String, _ headers: [(name: String, value: String)], _ purpose: OutboundRequest.Purpose
  ) async throws -> JSONValue {
    let reply = try await fetch(address, headers, purpose)
    guard let document = try? JSONReader.parse(reply.preview, from: .client), document.members != nil else {
      log.error("the provider's answer is no JSON object", ["from": OpenIDConnect.shown(address)])
      throw Refusal.providerFailed
    }
    return document
  }

  /// What is in the way of signing in with a provider, as far as can be told without somebody who does; nil for nothing.
  package static func problem(of provider: ProviderSettings, _ addresses: AddressGuard) -> String? {
    do {
      let reply = try ask(provider.document, [("Accept", "application/json")], .ask, addresses)
      if let failure = reply.failure {
        return "it cannot be asked: \(failure)" + (failure.detail.isEmpty ? "" : " (\(failure.detail))")
      }
      guard reply.status == 200 else { return "it answers with status \(reply.status)" }
      _ = try ProviderDocument(reply.preview, issuer: provider.issuer)
      return nil
    } catch { return "\(error)" }
  }

  private static func ask(
    _ address: String, _ headers: [(name: String, value: String)], _ purpose: OutboundRequest.Purpose,
    _ addresses: AddressGuard
  ) throws -> OutboundReply {
    var request = OutboundRequest(url: address, headers: headers, purpose, timeLimit: callTime)
    request.keepsWholeAnswer = true
    return try Client(addresses, connections: 1).reply(to: request)
  }

  /// The answer to one request; one that is no success is said in the log, without what may be secret in it.
  private func fetch(
    _ address: String, _ headers: [(name: String, value: String)], _ purpose: OutboundRequest.Purpose
  ) async throws -> OutboundReply {
    let reply = try await blocking.run(heavy: true) { [addresses] in
      try OpenIDConnect.ask(address, headers, purpose, addresses)
    }
    if let failure = reply.failure {
      log.error(
        "the provider cannot be asked",
        ["from": OpenIDConnect.shown(address), "error": "\(failure)", "detail": failure.detail])
      throw Refusal.providerFailed
    }
    guard reply.status == 200 else {
      let word = (try? JSONReader.parse(reply.preview, from: .client))?["error"]?.string ?? ""
      log.error(
        "the provider said no",
        ["from": OpenIDConnect.shown(address), "status": "\(reply.status)", "error": String(word.prefix(100))])
      throw Refusal.providerFailed
    }
    return reply
  }

  /// What is not believed is said in the log; a browser hears only that.
  private func doubted<Value>(_ body: () async throws -> Value) async throws -> Value {
    do { return try await body() } catch let doubt as IdentityToken.Doubt {
      log.error("the provider is not believed", ["why": doubt.description])
      throw Refusal.providerFailed
    }
  }

  /// A text that only this server can make of a cookie; 64 letters, as a verifier may have (RFC 7636, section 4.1).
  private func made(_ use: String, _ cookie: String) -> String {
    Hexadecimal.encode(accounts.store.code(for: "sign-on \(use)").code(for: Array(cookie.utf8)))
  }

  private static func shown(_ address: String) -> String { String(address.prefix { $0 != "?" }.prefix(200)) }

  private static func form(_ fields: [(String, String)]) -> String {
    fields.map { "\($0.0)=\(PercentEncoding.segment($0.1))" }.joined(separator: "&")
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    String(Base64.encode(bytes).compactMap { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 == "=" ? nil : $0 })
  }
}
