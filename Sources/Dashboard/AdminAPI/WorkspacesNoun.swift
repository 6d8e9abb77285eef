import Basics
import Engine
import HTTP
import Storage

/// Workspaces in the admin API.
struct WorkspacesNoun {
  let parts: AdminParts

  var routes: [Route] {
    [
      Route(.get, AdminAPI.prefix + "/workspaces", list),
      Route(.post, AdminAPI.prefix + "/workspaces", create),
      Route(.get, AdminAPI.prefix + "/workspaces/{slug}", show),
      Route(.patch, AdminAPI.prefix + "/workspaces/{slug}", change),
      Route(.post, AdminAPI.prefix + "/quickstart", quickstart),
    ]
  }

  @Sendable private func list(_ request: Request) async throws -> Response {
    try parts.requireOperator(request)
    let workspaces = try await parts.read { try Workspaces.all(in: $0) }
    return .document("workspaces", .array(workspaces.map(describe)))
  }

  @Sendable private func create(_ request: Request) async throws -> Response {
    try parts.requireOperator(request)
    let fields = try await JSONFields.read(request)
    let workspace = try await parts.provisioning.makeWorkspace(
      slug: fields.requiredText("slug"), name: fields.text("name"), plan: fields.text("plan") ?? "pro",
      retention: fields.text("retention"))
    return .document("workspace", describe(workspace), status: .created)
  }

  @Sendable private func change(_ request: Request) async throws -> Response {
    try parts.requireOperator(request)
    let fields = try await JSONFields.read(request)
    let workspace = try await parts.provisioning.setRetention(
      workspace: request.parameters["slug"] ?? "", to: fields.requiredText("retention"))
    return .document("workspace", describe(workspace))
  }

  @Sendable private func show(_ request: Request) async throws -> Response {
    try parts.requireOperator(request)
    let slug = request.parameters["slug"] ?? ""
    let found = try await parts.read { database in
      guard let workspace = try Workspaces.find(slug: slug, in: database) else { throw Refusal.unknownWorkspace }
      let counts = try JobStatus.allCases.map { status in
        (
          name: status.rawValue,
          value: JSONValue.integer(
            try Usage.counter(workspace.id, "jobs.\(status.rawValue)", in: database))
        )
      }
      let stored = try Usage.counter(workspace.id, Usage.storedBytes, in: database)
      return (workspace, counts, stored)
    }
    var members = describe(found.0).members ?? []
    members.append((name: "jobs", value: .object(found.1)))
    members.append((name: "stored_bytes", value: .integer(found.2)))
    return .document("workspace", .object(members))
  }

  @Sendable private func quickstart(_ request: Request) async throws -> Response {
    try parts.requireOperator(request)
    let fields = try await JSONFields.read(request)
    let slug = try fields.text("workspace") ?? "demo"
    let key = try await parts.provisioning.quickstart(
      workspace: slug, plan: fields.text("plan") ?? "pro", keyName: "quickstart")
    return .document("quickstart", .object([("workspace", .string(slug)), ("key", .string(key))]), status: .created)
  }

  private func describe(_ workspace: Workspace) -> JSONValue {
    .object([
      ("slug", .string(workspace.slug)), ("name", .string(workspace.name)), ("plan", .string(workspace.plan)),
      ("state", .string(workspace.state.rawValue)),
      ("retention", .string(workspace.retention.map { Quantity.span($0.milliseconds) } ?? "default")),
    ])
  }
}

extension Response {
  /// A document of the admin API: its status and one named member.
  static func document(_ name: String, _ value: JSONValue, status: Status = .ok) -> Response {
    .json(status, Array(JSONValue.object([("status", .integer(Int64(status.code))), (name, value)]).text.utf8))
  }
}
