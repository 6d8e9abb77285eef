import Basics
import Engine
import HTTP
import Storage

/// Places elsewhere that workspaces keep, in the admin API; what opens one goes in and comes out of no answer.
struct StoragesNoun {
  private static let ofOne = "/storages/{slug}/{name}"
  private static let largest = 64 << 10

  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/storages", .workspaceMember, list),
      AdminRoute(.put, StoragesNoun.ofOne, .workspaceAdmin, set),
      AdminRoute(.delete, StoragesNoun.ofOne, .workspaceAdmin, remove),
      AdminRoute(.post, StoragesNoun.ofOne + "/test", .workspaceAdmin, test),
    ]
  }

  private var desk: StorageDesk { parts.conversions.jobs.storages }

  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    guard let slug = request.queryValue("workspace") else {
      throw Refusal.invalidFields.naming([.init("workspace", "is required")])
    }
    let workspace = try await parts.read { try Provisioning.workspace(slug, $0).id }
    try visitor.mustSee(workspace)
    return .document("storages", .array(try desk.all(workspace).map(\.json)))
  }

  /// Adds a storage, or replaces the one of that name.
  @Sendable private func set(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let workspace = try await workspace(visitor, request)
    let bytes = try await request.body.collect(atMost: StoragesNoun.largest)
    let members = try await ClientDocument.read(bytes, on: parts.blocking) { $0 }
    let (storage, isNew) = try await desk.set(
      workspace, name: StoragesNoun.name(request), members, by: visitor.actor)
    return .document("storage", storage.json, status: isNew ? .created : .ok)
  }

  @Sendable private func remove(_ visitor: Visitor, _ request: Request) async throws -> Response {
    try await desk.delete(
      try await workspace(visitor, request), name: StoragesNoun.name(request), by: visitor.actor)
    return .document("removed", .string(StoragesNoun.name(request)))
  }

  @Sendable private func test(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let finding = try await desk.test(try await workspace(visitor, request), name: StoragesNoun.name(request))
    return .document("test", .object(finding.json))
  }

  /// The one that a request is about, for a visitor who may change it.
  private func workspace(_ visitor: Visitor, _ request: Request) async throws -> Int64 {
    let slug = request.parameters["slug"] ?? ""
    let workspace = try await parts.read { try Provisioning.workspace(slug, $0).id }
    try visitor.mustManage(workspace)
    return workspace
  }

  private static func name(_ request: Request) -> String { request.parameters["name"] ?? "" }
}
