import Basics
import Engine
import HTTP
import Storage

/// Signing in and out, and the links that are used once, in the admin API.
struct SessionNoun {
  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.post, "/session", .nobody, begin),
      AdminRoute(.get, "/session", .member, show),
      AdminRoute(.delete, "/session", .member, end),
      AdminRoute(.get, "/sessions", .member, list),
      AdminRoute(.delete, "/sessions", .member, endOthers),
      AdminRoute(.delete, "/sessions/{id}", .member, endOne),
      AdminRoute(.get, "/setup", .nobody, needsSetup),
      AdminRoute(.post, "/setup", .nobody, setUp),
      AdminRoute(.post, "/setup-link", .operator_, makeSetupLink),
      AdminRoute(.post, "/password", .nobody, setPassword),
      AdminRoute(.post, "/password/forgotten", .nobody, forgot),
    ]
  }

  @Sendable private func begin(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    let token = try await parts.accounts.signIn(
      email: fields.requiredText("email"), password: fields.requiredText("password"), code: fields.text("code"),
      from: visitor.actor.address, agent: request.headers[.userAgent] ?? "")
    guard let member = try await parts.accounts.member(token: token) else { throw Refusal.signInNeeded }
    return Response.document("session", describe(member, token), status: .created)
      .with(.setCookie, Doorkeeper.cookie(token, for: request))
  }

  @Sendable private func show(_ visitor: Visitor, _ request: Request) async throws -> Response {
    guard let member = visitor.member, let token = Doorkeeper.token(of: request) else {
      return .document("session", .object([("user", .string(visitor.actor.name)), ("is_admin", .boolean(true))]))
    }
    return .document("session", describe(member, token))
  }

  @Sendable private func end(_ visitor: Visitor, _ request: Request) async throws -> Response {
    if let token = Doorkeeper.token(of: request) { try await parts.accounts.signOut(token: token) }
    let place = parts.signOn.signOutURL
    return Response.document(
      "session", .string("ended"), ("continue_at", place.isEmpty ? .null : .string(place))
    ).with(.setCookie, Doorkeeper.cookie("", for: request))
  }

  /// The visitor's own sessions, the newest first.
  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    guard let member = visitor.member, let token = Doorkeeper.token(of: request) else {
      return .document("sessions", .array([]))
    }
    let sessions = try parts.accounts.sessions(of: member.user, current: token)
    return .document(
      "sessions", .array(sessions.map { SessionNoun.describe($0.session, more: [("is_this", .boolean($0.isCurrent))]) })
    )
  }

  static func describe(_ session: Sessions.Session, more: [(name: String, value: JSONValue)] = []) -> JSONValue {
    .object(
      [
        ("id", .integer(session.id)), ("created_at", .string("\(session.createdAt)")),
        ("seen_at", .string("\(session.seenAt)")), ("address", .string(session.address)),
        ("browser", .string(session.agent)), ("way", .string(session.way.rawValue)),
      ] + more)
  }

  /// Ends one of the visitor's own sessions.
  @Sendable private func endOne(_ visitor: Visitor, _ request: Request) async throws -> Response {
    guard let member = visitor.member, let id = Int64(request.parameters["id"] ?? "") else {
      throw Refusal.unknownSession
    }
    try await parts.accounts.endSession(id, of: member, by: visitor.actor)
    return .document("session", .string("ended"))
  }

  /// Mails a link to choose a new password, and says no word on whether there is such a person.
  @Sendable private func forgot(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    try await parts.accounts.forgotPassword(email: fields.requiredText("email"), from: visitor.actor.address)
    return .document("password", .string("requested"), status: .accepted)
  }

  /// Ends every other session of the visitor.
  @Sendable private func endOthers(_ visitor: Visitor, _ request: Request) async throws -> Response {
    if let member = visitor.member, let token = Doorkeeper.token(of: request) {
      try await parts.accounts.signOutElsewhere(member, token: token, by: visitor.actor)
    }
    return .document("sessions", .string("ended"))
  }

  /// Whether somebody has to use the setup link before anybody can sign in.
  @Sendable private func needsSetup(_ visitor: Visitor, _ request: Request) async throws -> Response {
    .document(
      "setup",
      .object([
        ("is_needed", .boolean(try parts.accounts.needsSetup())), ("has_mail", .boolean(parts.mailing.isOn)),
        ("trusted_user", request.trustedUser.map(JSONValue.string) ?? .null),
        ("provider", parts.signOn.provider.map { .string($0.provider.name) } ?? .null),
      ]))
  }

  @Sendable private func setUp(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    try await parts.accounts.setUp(
      token: fields.requiredText("token"), email: fields.requiredText("email"),
      password: fields.requiredText("password"), from: visitor.actor.address)
    return .document("setup", .string("done"), status: .created)
  }

  @Sendable private func makeSetupLink(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let token = try await parts.blocking.run { [accounts = parts.accounts] in
      try accounts.makeSetupLink(by: visitor.actor)
    }
    return .document("setup", .object([("link_token", .string(token))]), status: .created)
  }

  @Sendable private func setPassword(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    try await parts.accounts.setPassword(
      token: fields.requiredText("token"), password: fields.requiredText("password"), from: visitor.actor.address)
    return .document("password", .string("set"))
  }

  private func describe(_ member: Member, _ token: String) -> JSONValue {
    .object([
      ("user", .string(member.user.email)), ("is_admin", .boolean(member.user.isAdmin)),
      ("csrf_token", .string(parts.accounts.formToken(session: token))),
      (
        "workspaces",
        .array(
          member.memberships.map {
            .object([("slug", .string($0.workspace)), ("role", .string($0.role.rawValue))])
          })
      ),
    ])
  }
}
