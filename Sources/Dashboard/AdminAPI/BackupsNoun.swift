import Basics
import Engine
import HTTP
import Storage

/// Snapshots for backups in the admin API: the command that asked for one writes it away and then removes it.
struct BackupsNoun {
  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.post, "/backups", .operator_, make),
      AdminRoute(.delete, "/backups/{name}", .operator_, remove),
      AdminRoute(.post, "/verify", .operator_, verify),
    ]
  }

  @Sendable private func make(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let snapshot = try await parts.blocking.run { [parts] in try parts.store.makeSnapshot(at: parts.clock.now()) }
    let header = snapshot.header
    return .document(
      "backup",
      .object([
        ("path", .string(snapshot.path)), ("created_at", .string(header.createdAt)),
        ("schema", .integer(header.schema)), ("files", .integer(header.files)), ("bytes", .integer(header.bytes)),
        ("missing_files", .array(snapshot.missing.map(JSONValue.string))),
      ]), status: .created)
  }

  @Sendable private func remove(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let name = request.parameters["name"] ?? ""
    guard try await parts.blocking.run({ [parts] in try parts.store.removeSnapshot(name) }) else {
      throw Refusal.unknownFile
    }
    return .document("removed", .string(name))
  }

  @Sendable private func verify(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let problems = try await parts.blocking.run { [parts] in try parts.store.verify() }
    return .document(
      "verify",
      .object([
        ("sound", .boolean(problems.isEmpty)), ("problems", .array(problems.map(JSONValue.string))),
      ]))
  }
}
