import Basics
import Engine
import HTTP
import Storage

/// People who may sign in, in the admin API.
struct UsersNoun {
  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/users", .operator_, list),
      AdminRoute(.post, "/users", .operator_, add),
      AdminRoute(.delete, "/users/{email}", .operator_, remove),
      AdminRoute(.post, "/users/{email}/password-link", .operator_, makeLink),
      AdminRoute(.delete, "/users/{email}/second-factor", .operator_, resetSecondFactor),
      AdminRoute(.get, "/users/{email}/sessions", .operator_, sessions),
      AdminRoute(.delete, "/users/{email}/sessions", .operator_, endSessions),
      AdminRoute(.delete, "/users/{email}/sessions/{id}", .operator_, endSession),
    ]
  }

  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let (users, secured) = try await parts.read { database in
      (
        try Users.all(in: database).map { ($0, try Users.memberships($0.id, in: database)) },
        try SecondFactors.users(in: database)
      )
    }
    return .document(
      "users",
      .array(
        users.map { user, memberships in
          let more = ("has_second_factor", JSONValue.boolean(secured.contains(user.id)))
          return .object((describe(user, memberships).members ?? []) + [more])
        }))
  }

  @Sendable private func add(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    let text = try fields.text("role") ?? "member"
    guard let role = Membership.Role(rawValue: text) else {
      throw Refusal.invalidFields.naming([.init("role", "\"\(text)\" is no role; valid: admin, member")])
    }
    let slug = try fields.text("workspace")
    let added = try await parts.accounts.add(
      email: fields.requiredText("email"), isAdmin: slug == nil && role == .admin, workspace: slug, role: role,
      notifies: fields.flag("notify"), by: visitor.actor)
    let memberships = try await parts.read { try Users.memberships(added.user.id, in: $0) }
    var members = describe(added.user, memberships).members ?? []
    members.append(("link_token", added.token.map(JSONValue.string) ?? .null))
    return .document("user", .object(members), status: .created)
  }

  @Sendable private func remove(_ visitor: Visitor, _ request: Request) async throws -> Response {
    try await parts.accounts.remove(email: request.parameters["email"] ?? "", by: visitor.actor)
    return .document("user", .string("removed"))
  }

  @Sendable private func makeLink(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    let email = request.parameters["email"] ?? ""
    let token = try await parts.accounts.makePasswordLink(
      email: email, notifies: fields.flag("notify"), by: visitor.actor)
    return .document(
      "user",
      .object([
        ("link_token", token.map(JSONValue.string) ?? .null), ("mailed_to", token == nil ? .string(email) : .null),
      ]))
  }

  /// For whoever has lost all codes; one's own wants a code, so that a browser that was left open cannot turn it off.
  @Sendable private func resetSecondFactor(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let email = request.parameters["email"] ?? ""
    if visitor.member?.user.email.lowercased() == email.lowercased() { throw Refusal.ownSecondFactor }
    try await parts.accounts.resetSecondFactor(email: email, by: visitor.actor)
    return .document("user", .string("no code is asked for any more"))
  }

  @Sendable private func sessions(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let sessions = try parts.accounts.sessions(email: request.parameters["email"] ?? "")
    return .document("sessions", .array(sessions.map { SessionNoun.describe($0) }))
  }

  @Sendable private func endSession(_ visitor: Visitor, _ request: Request) async throws -> Response {
    guard let id = Int64(request.parameters["id"] ?? "") else { throw Refusal.unknownSession }
    try await parts.accounts.endSession(id, email: request.parameters["email"] ?? "", by: visitor.actor)
    return .document("session", .string("ended"))
  }

  @Sendable private func endSessions(_ visitor: Visitor, _ request: Request) async throws -> Response {
    try await parts.accounts.endSessions(email: request.parameters["email"] ?? "", by: visitor.actor)
    return .document("sessions", .string("ended"))
  }

  private func describe(_ user: User, _ memberships: [Membership]) -> JSONValue {
    let roles = memberships.map { "\($0.role.rawValue) of \($0.workspace)" }
    return .object([
      ("email", .string(user.email)),
      ("roles", .string(((user.isAdmin ? ["administrator"] : []) + roles).joined(separator: ", "))),
      ("has_password", .boolean(user.hasPassword)), ("created_at", .string("\(user.createdAt)")),
    ])
  }
}
