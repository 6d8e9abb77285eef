import Basics
import Engine
import HTTP
import Storage

/// Finds out who a request of the admin API comes from, and keeps out what no page of ours has sent.
struct Doorkeeper: Sendable {
  /// Over https; the prefix lets no other host and no plain page set it.
  static let secureCookie = "__Host-wonder"
  static let plainCookie = "wonder_session"
  static let formField = HeaderName("X-CSRF-Token")
  /// Sent by a page that nobody has touched for a while.
  static let unattended = HeaderName("X-Unattended")
  private static let fetchSite = HeaderName("Sec-Fetch-Site")
  /// What an `EventSource` accepts (WHATWG HTML section 9.2.2), and nothing else of a page.
  private static let eventStream = "text/event-stream"

  let accounts: Accounts
  let owner: UInt32
  /// What a stand-by shows; empty when none may.
  let standbyToken: String

  /// The visitor, if they may do what a route needs; throws a `Refusal` otherwise.
  func admit(_ request: Request, _ need: Visitor.Need) async throws -> Visitor {
    if case .unix(let user) = request.peer {
      guard user == 0 || user == owner else { throw Refusal.operatorsOnly }
      return Visitor(actor: Actor(name: "system:\(user)", address: "socket"), member: nil)
    }
    let address = "\(request.client)"
    if need == .nobody {
      try checkOrigin(request)
      return Visitor(actor: Actor(name: "nobody", address: address), member: nil)
    }
    if need == .standby, let given = request.headers[.authorization] {
      // Hashes are compared, so that the time taken tells nothing of the token.
      guard !standbyToken.isEmpty, SHA256.digest(given.utf8) == SHA256.digest("Bearer \(standbyToken)".utf8) else {
        throw Refusal.wrongStandbyToken
      }
      return Visitor(actor: Actor(name: "standby", address: address), member: nil)
    }
    guard let token = Doorkeeper.token(of: request) else { throw Refusal.signInNeeded }
    let isUse = Doorkeeper.isUse(request)
    guard let member = try await accounts.member(token: token, isUse: isUse, trusted: request.trustedUser) else {
      throw Refusal.signInNeeded
    }
    if !Doorkeeper.isSafe(request.method) {
      try checkOrigin(request)
      guard request.headers[Doorkeeper.formField] == accounts.formToken(session: token) else {
        throw Refusal.forgedForm
      }
    }
    let visitor = Visitor(actor: Actor(name: member.user.email, address: address), member: member)
    if need == .operator_ || need == .standby, !visitor.isOperator { throw Refusal.notAllowed }
    return visitor
  }

  /// False for what an open page asks by itself.
  ///
  /// A browser opens a lost stream anew as often as it likes, and lets no page add a field to that.
  private static func isUse(_ request: Request) -> Bool {
    request.headers[unattended] == nil && request.headers[.accept] != eventStream
  }

  /// The session's token, from the cookie that belongs to the scheme of the request.
  static func token(of request: Request) -> String? {
    cookie(named: request.scheme == "https" ? secureCookie : plainCookie, of: request)
  }

  static func cookie(named name: String, of request: Request) -> String? {
    let start = "\(name)=".utf8
    for pair in (request.headers[.cookie] ?? "").utf8.split(separator: 0x3B) {
      let pair = pair.drop { $0 == 0x20 }
      if pair.starts(with: start) { return String(Substring(pair.dropFirst(start.count))) }
    }
    return nil
  }

  /// The cookie that begins a session, or ends it with an empty token.
  static func cookie(_ token: String, for request: Request) -> String {
    let isSecure = request.scheme == "https"
    let life = token.isEmpty ? "0" : "604800"
    // The prefix of the secure name asks for the path of the whole host (RFC 6265bis section 4.1.3.2).
    let path = isSecure ? "/" : request.prefix.text + "/"
    return "\(isSecure ? secureCookie : plainCookie)=\(token); Path=\(path); HttpOnly; SameSite=Lax; Max-Age=\(life)"
      + (isSecure ? "; Secure" : "")
  }

  /// What browsers say of a request that another site's page has made.
  private func checkOrigin(_ request: Request) throws {
    if Doorkeeper.isSafe(request.method) { return }
    if let site = request.headers[Doorkeeper.fetchSite], site != "same-origin", site != "none" {
      throw Refusal.forgedForm
    }
    if let origin = request.headers[.origin], origin != "\(request.scheme)://\(request.host)" {
      throw Refusal.forgedForm
    }
  }

  private static func isSafe(_ method: Method) -> Bool { method == .get || method == .head || method == .options }
}
