import Basics
import Engine
import HTTP
import Storage

/// Snapshots for backups in the admin API: the command that asked for one writes it away and then removes it.
struct BackupsNoun {
  let parts: AdminParts

  var routes: [Route] {
    [
      Route(.post, AdminAPI.prefix + "/backups", make),
      Route(.delete, AdminAPI.prefix + "/backups/{name}", remove),
      Route(.post, AdminAPI.prefix + "/verify", verify),
    ]
  }

  @Sendable private func make(_ request: Request) async throws -> Response {
    try parts.requireOperator(request)
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

  @Sendable private func remove(_ request: Request) async throws -> Response {
    try parts.requireOperator(request)
    let name = request.parameters["name"] ?? ""
    guard try await parts.blocking.run({ [parts] in try parts.store.removeSnapshot(name) }) else {
      throw Refusal.unknownFile
    }
    return .document("removed", .string(name))
  }

  @Sendable private func verify(_ request: Request) async throws -> Response {
    try parts.requireOperator(request)
    let problems = try await parts.blocking.run { [parts] in try parts.store.verify() }
    return .document(
      "verify",
      .object([
        ("sound", .boolean(problems.isEmpty)), ("problems", .array(problems.map(JSONValue.string))),
      ]))
  }
}
