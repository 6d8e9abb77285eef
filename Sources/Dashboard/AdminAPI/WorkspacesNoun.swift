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
      slug: fields.requiredText("slug"), name: fields.text("name"), plan: fields.text("plan") ?? "pro")
    return .document("workspace", describe(workspace), status: .created)
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
      return (workspace, counts)
    }
    var members = describe(found.0).members ?? []
    members.append((name: "jobs", value: .object(found.1)))
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
    ])
  }
}

extension Response {
  /// A document of the admin API: its status and one named member.
  static func document(_ name: String, _ value: JSONValue, status: Status = .ok) -> Response {
    .json(status, Array(JSONValue.object([("status", .integer(Int64(status.code))), (name, value)]).text.utf8))
  }
}
