import Basics
import Engine
import HTTP
import Storage

/// API keys in the admin API.
struct KeysNoun {
  let parts: AdminParts

  var routes: [Route] {
    [
      Route(.get, AdminAPI.prefix + "/keys", list),
      Route(.post, AdminAPI.prefix + "/keys", issue),
      Route(.delete, AdminAPI.prefix + "/keys/{id}", revoke),
    ]
  }

  @Sendable private func list(_ request: Request) async throws -> Response {
    try parts.requireOperator(request)
    let slug = request.queryValue("workspace")
    let keys = try await parts.read { try Keys.list(workspace: slug, in: $0) }
    return .document("keys", .array(keys.map(describe)))
  }

  @Sendable private func issue(_ request: Request) async throws -> Response {
    try parts.requireOperator(request)
    let fields = try await JSONFields.read(request)
    let issued = try await parts.provisioning.issueKey(
      workspace: fields.requiredText("workspace"), name: fields.text("name") ?? "",
      prefix: fields.text("prefix") ?? "wc_")
    return .document("key", .object([("id", .integer(issued.id)), ("key", .string(issued.key))]), status: .created)
  }

  @Sendable private func revoke(_ request: Request) async throws -> Response {
    try parts.requireOperator(request)
    guard let id = Int64(request.parameters["id"] ?? "") else { throw Refusal.unknownKey }
    try await parts.provisioning.revokeKey(id: id)
    return .document("revoked", .integer(id))
  }

  private func describe(_ key: ListedKey) -> JSONValue {
    .object([
      ("id", .integer(key.id)), ("workspace", .string(key.workspace)), ("name", .string(key.name)),
      ("key", .string(key.hint)), ("created_at", .string("\(key.createdAt)")),
      ("revoked_at", key.revokedAt.map { .string("\($0)") } ?? .null),
    ])
  }
}
