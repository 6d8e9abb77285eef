import Basics
import Engine
import HTTP

/// Signing in by another's word, in the admin API: of a proxy in front of the server, or of a provider of identities.
struct SignOnNoun {
  private static let path = "/session/provider"
  private static let secureCookie = "__Host-wonder-sign-on"
  private static let plainCookie = "wonder_sign_on"
  /// The door, seen from the way back.
  private static let door = "../../../../../admin"

  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.post, "/session/proxy", .nobody, byProxy),
      AdminRoute(.get, SignOnNoun.path, .nobody, begin),
      AdminRoute(.get, AdminAPI.wayBack, .nobody, end),
    ]
  }

  /// A session for whoever the proxy names.
  @Sendable private func byProxy(_ visitor: Visitor, _ request: Request) async throws -> Response {
    guard let user = request.trustedUser else { throw Refusal.noTrustedUser }
    let token = try await parts.accounts.signIn(
      trusted: user, newcomers: parts.signOn.newcomers, from: visitor.actor.address,
      agent: request.headers[.userAgent] ?? "")
    return Response.document("session", .string("begun"), status: .created)
      .with(.setCookie, Doorkeeper.cookie(token, for: request))
  }

  @Sendable private func begin(_ visitor: Visitor, _ request: Request) async throws -> Response {
    guard let provider = parts.signOn.provider else { throw Refusal.providerOff }
    do {
      let (address, cookie) = try await provider.begin()
      return SignOnNoun.leading(to: address).with(.setCookie, SignOnNoun.cookie(cookie, for: request))
    } catch let refusal as Refusal {
      return SignOnNoun.leading(to: "../../../../admin#refused=\(refusal.code)")
    }
  }

  /// Takes the browser in, or leads it to the door, which says why not: only the word of a refusal goes with it.
  @Sendable private func end(_ visitor: Visitor, _ request: Request) async throws -> Response {
    guard let provider = parts.signOn.provider else { throw Refusal.providerOff }
    let gone = SignOnNoun.cookie("", for: request)
    do {
      let token = try await provider.end(
        state: request.queryValue("state"), code: request.queryValue("code"), error: request.queryValue("error"),
        cookie: Doorkeeper.cookie(
          named: request.scheme == "https" ? SignOnNoun.secureCookie : SignOnNoun.plainCookie, of: request),
        from: visitor.actor.address, agent: request.headers[.userAgent] ?? "")
      return SignOnNoun.leading(
        to: SignOnNoun.door, cookies: [Doorkeeper.cookie(token, for: request), gone])
    } catch let refusal as Refusal {
      return SignOnNoun.leading(to: SignOnNoun.door + "#refused=\(refusal.code)", cookies: [gone])
    }
  }

  private static func leading(to address: String, cookies: [String] = []) -> Response {
    var headers = Headers([(.location, address), (.cacheControl, "no-store"), (.referrerPolicy, "no-referrer")])
    for cookie in cookies { headers.append(.setCookie, cookie) }
    return Response(.seeOther, headers: headers)
  }

  /// The browser sends it with the way back, which comes from another site.
  private static func cookie(_ value: String, for request: Request) -> String {
    let isSecure = request.scheme == "https"
    let life = value.isEmpty ? 0 : OpenIDConnect.patience.milliseconds / 1000
    let path = isSecure ? "/" : request.prefix.text + "/"
    return "\(isSecure ? secureCookie : plainCookie)=\(value); Path=\(path); HttpOnly; SameSite=Lax; Max-Age=\(life)"
      + (isSecure ? "; Secure" : "")
  }
}
