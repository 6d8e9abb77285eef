import Basics
import Engine
import HTTP
import Storage

/// Backups in the admin API: those of the schedule, and snapshots, which the command that asked for one writes away and
/// then removes.
struct BackupsNoun {
  private static let ending = ".tar"

  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/backups", .operator_, show),
      AdminRoute(.post, "/backups", .operator_, make),
      AdminRoute(.delete, "/backups/{name}", .operator_, remove),
      AdminRoute(.post, "/backups/files", .operator_, pack),
      AdminRoute(.get, "/backups/files/{name}", .operator_, download),
      AdminRoute(.post, "/verify", .operator_, verify),
    ]
  }

  /// What the schedule is and what it has brought, the newest first.
  @Sendable private func show(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let made = try await parts.read { try Backups.all(in: $0) }
    let now = parts.clock.now()
    let plan = parts.backups.map { plan in
      JSONValue.object([
        ("place", .string(plan.place)), ("keep", .integer(Int64(plan.keep))),
        ("next_at", plan.next(after: made, now: now).map { .string("\($0)") } ?? .null),
        ("problem", plan.problem(made, now: now).map(JSONValue.string) ?? .null),
      ])
    }
    return .document(
      "backups",
      .object([
        ("plan", plan ?? .null),
        (
          "made",
          .array(
            made.map {
              .object([
                ("at", .string("\($0.startedAt)")), ("milliseconds", .integer($0.duration.milliseconds)),
                ("place", .string($0.place)), ("name", .string($0.name)), ("bytes", .integer($0.bytes)),
                ("error", $0.error.map(JSONValue.string) ?? .null),
              ])
            })
        ),
      ]))
  }

  @Sendable private func make(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let snapshot = try await parts.blocking.run { [parts] in try parts.store.makeSnapshot(at: parts.clock.now()) }
    // From here on it is the command's, which may be killed; what nobody has removed goes by its age.
    parts.store.spool.leave(snapshot.path)
    let header = snapshot.header
    // What can write nothing any more is saved all the same.
    try? await parts.note(visitor.actor, "backup.make", snapshot.path.split(separator: "/").last.map(String.init) ?? "")
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
    try await parts.note(visitor.actor, "backup.download", name)
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
