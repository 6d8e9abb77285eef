import Basics
import Engine
import HTTP
import Storage

/// API keys in the admin API.
struct KeysNoun {
  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/keys", .workspaceMember, list),
      AdminRoute(.get, "/key-prefixes", .nobody, prefixes),
      AdminRoute(.post, "/keys", .workspaceAdmin, issue),
      AdminRoute(.delete, "/keys/{id}", .workspaceAdmin, revoke),
      AdminRoute(.get, "/keys/{id}/webhook-secret", .workspaceAdmin, webhookSecret),
    ]
  }

  /// Keys of the workspaces that the visitor may see.
  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let slug = request.queryValue("workspace")
    let keys = try await parts.read { database in
      if let slug { try visitor.mustSee(Provisioning.workspace(slug, database).id) }
      return try Keys.list(workspace: slug, in: database)
    }
    return .document("keys", .array(keys.filter { visitor.role(in: $0.workspaceID) != nil }.map(describe)))
  }

  /// What a secret key may begin with, the usual one first.
  @Sendable private func prefixes(_ visitor: Visitor, _ request: Request) async throws -> Response {
    .document(
      "prefixes",
      .array(parts.keys.prefixes.map { .object([("prefix", .string($0.text)), ("title", .string($0.title))]) }))
  }

  @Sendable private func issue(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    let slug = try fields.requiredText("workspace")
    try visitor.mustManage(try await parts.read { try Provisioning.workspace(slug, $0).id })
    var wish = KeyIssuing.Wish(workspace: slug)
    wish.name = try fields.text("name") ?? ""
    wish.prefix = try fields.text("prefix")
    wish.lifetime = try fields.text("expires")
    wish.origins = try fields.list("origins")
    wish.kind = try KeysNoun.kind(fields.text("kind"))
    (wish.mayRead, wish.maySubmit) = try KeysNoun.scopes(fields.list("scopes"))
    let issued = try await parts.keys.issue(wish, by: visitor.actor)
    return .document(
      "key",
      .object([
        ("id", .integer(issued.id)), ("key", .string(issued.key)), ("webhook_secret", .string(issued.webhookSecret)),
      ]), status: .created)
  }

  @Sendable private func revoke(_ visitor: Visitor, _ request: Request) async throws -> Response {
    guard let id = Int64(request.parameters["id"] ?? ""),
      let workspace = try await parts.read({ try Keys.workspace(ofKey: id, in: $0) })
    else { throw Refusal.unknownKey }
    try visitor.mustManage(workspace, orElse: .unknownKey)
    try await parts.keys.revoke(id: id, by: visitor.actor)
    return .document("revoked", .integer(id))
  }

  /// The secret that signs what goes to an address that came with a request of the key; unlike the key it can be read again.
  @Sendable private func webhookSecret(_ visitor: Visitor, _ request: Request) async throws -> Response {
    guard let id = Int64(request.parameters["id"] ?? ""),
      let workspace = try await parts.read({ try Keys.workspace(ofKey: id, in: $0) })
    else { throw Refusal.unknownKey }
    try visitor.mustManage(workspace, orElse: .unknownKey)
    guard let secret = try await parts.read({ try Keys.webhookSecret(id: id, in: $0) }) else {
      throw Refusal.unknownKey
    }
    return .document("webhook_secret", .string(secret)).with(.cacheControl, "no-store")
  }

  private static func kind(_ text: String?) throws -> Key.Kind {
    guard let text else { return .secret }
    guard let kind = Key.Kind(rawValue: text) else {
      throw Refusal.invalidFields.naming([.init("kind", "\"\(text)\" is no kind; valid: secret, public")])
    }
    return kind
  }

  /// No scopes mean both.
  private static func scopes(_ names: [String]) throws -> (read: Bool, submit: Bool) {
    if names.isEmpty { return (true, true) }
    for name in names where Permission(rawValue: name) == nil {
      throw Refusal.invalidFields.naming([.init("scopes", "\"\(name)\" is no scope; valid: read, submit")])
    }
    return (names.contains("read"), names.contains("submit"))
  }

  private func describe(_ key: ListedKey) -> JSONValue {
    let scopes = [(key.mayRead, "read"), (key.maySubmit, "submit")].filter(\.0).map(\.1)
    return .object([
      ("id", .integer(key.id)), ("workspace", .string(key.workspace)), ("name", .string(key.name)),
      ("key", .string(key.hint)), ("kind", .string(key.kind.rawValue)),
      ("scopes", .string(scopes.joined(separator: ", "))), ("created_at", .string("\(key.createdAt)")),
      ("last_used_at", key.lastUsedAt.map { .string("\($0)") } ?? .null),
      ("expires_at", key.expiresAt.map { .string("\($0)") } ?? .null),
      ("revoked_at", key.revokedAt.map { .string("\($0)") } ?? .null),
    ])
  }
}
