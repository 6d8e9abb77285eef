import Basics
import Engine
import HTTP
import Storage

/// Snapshots for backups in the admin API: the command that asked for one writes it away and then removes it.
struct BackupsNoun {
  private static let ending = ".tar"

  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.post, "/backups", .operator_, make),
      AdminRoute(.delete, "/backups/{name}", .operator_, remove),
      AdminRoute(.post, "/backups/files", .operator_, pack),
      AdminRoute(.get, "/backups/files/{name}", .operator_, download),
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

  /// Makes a whole backup as one file, to be downloaded once; what nobody fetches goes with the next start.
  @Sendable private func pack(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let now = parts.clock.now()
    let (name, size) = try await parts.blocking.run { [parts] in
      let snapshot = try parts.store.makeSnapshot(at: now)
      let folder = snapshot.path.split(separator: "/").last.map(String.init) ?? ""
      defer { _ = try? parts.store.removeSnapshot(folder) }
      guard snapshot.missing.isEmpty else { throw Refusal.incompleteBackup(snapshot.missing.count) }
      let path = snapshot.path + BackupsNoun.ending
      try BackupFile.write(snapshot, to: path, at: now) { _, _ in }
      return (folder + BackupsNoun.ending, try FileBytes.size(path))
    }
    try await parts.store.write { database in
      try Audit.insert(
        actor: visitor.actor.name, address: visitor.actor.address, action: "backup.download", subject: name, at: now,
        in: database)
    }
    return .document(
      "backup", .object([("name", .string(name)), ("bytes", .integer(size))]), status: .created)
  }

  /// Gives a packed backup away; its name is gone then, and its bytes with the end of the answer.
  @Sendable private func download(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let name = request.parameters["name"] ?? ""
    guard name.hasSuffix(BackupsNoun.ending), !name.contains("/"),
      let file = try? OpenFile(path: parts.store.directory.spoolPath + "/" + name)
    else { throw Refusal.unknownFile }
    _ = try await parts.blocking.run { [parts] in try parts.store.removeSnapshot(name) }
    let day = "\(parts.clock.now())".prefix(10)
    return Response.file(
      file, named: "wonder-\(day).tar", contentType: "application/x-tar", etag: "\"\(name)\"", for: request
    ).with(.cacheControl, "private, no-store")
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
