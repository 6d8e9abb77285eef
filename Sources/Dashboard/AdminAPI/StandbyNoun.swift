import Basics
import Engine
import HTTP
import Storage

/// What a second machine that follows asks for, in the admin API, and who does.
struct StandbyNoun {
  private static let longestName = 64

  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/standby", .operator_, show),
      AdminRoute(.post, "/standby/copies", .standby, ask),
      AdminRoute(.get, "/standby/copies/{name}", .standby, download),
      AdminRoute(.delete, "/standby/copies/{name}", .standby, end),
      AdminRoute(.get, "/standby/files/{name}", .standby, file),
      AdminRoute(.get, "/standby/key", .standby, key),
    ]
  }

  @Sendable private func show(_ visitor: Visitor, _ request: Request) async throws -> Response {
    .document("standbys", StandbyNoun.describe(parts.followers.all, at: parts.clock.now()))
  }

  static func describe(_ followers: [Follower], at now: Timestamp) -> JSONValue {
    .array(
      followers.map { follower in
        .object([
          ("name", .string(follower.name)), ("address", .string(follower.address)),
          ("seen_at", .string("\(follower.seenAt)")),
          ("held_at", follower.heldAt.map { .string("\($0)") } ?? .null),
          ("lag_seconds", follower.lag(at: now).map { .integer($0.milliseconds / 1000) } ?? .null),
          ("files", .integer(follower.files)), ("bytes", .integer(follower.bytes)),
        ])
      })
  }

  /// Gives a copy of the database to fetch, or none when the stand-by has the newest.
  @Sendable private func ask(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let report = try await report(visitor, request)
    let (copy, isNew) = try await parts.blocking.run(heavy: true) { [followers = parts.followers] in
      try followers.ask(report)
    }
    // Once, for each note is a change that is copied again.
    if isNew { try await parts.note(visitor.actor, "standby.follow", report.name) }
    let server = JSONValue.object([
      ("version", try await parts.facts()["version"] ?? .null), ("boot", .string(parts.followers.boot)),
    ])
    guard let copy else { return .document("copy", .null, ("server", server)) }
    return .document(
      "copy",
      .object([
        ("name", .string(copy.name)), ("mark", .string(copy.mark)), ("taken_at", .string("\(copy.takenAt)")),
        ("schema", .integer(copy.schema)), ("bytes", .integer(copy.bytes)),
        ("sha256", .string(Hexadecimal.encode(copy.sha256))),
        // For a stand-by on this machine, which can read it there.
        ("path", visitor.actor.address == "socket" ? .string(copy.path) : .null),
      ]), ("server", server), status: .created)
  }

  private func report(_ visitor: Visitor, _ request: Request) async throws -> Followers.Report {
    let fields = Dictionary(
      try await JSONFields.read(request, parts.blocking).texts().map { ($0.name, $0.value) }
    ) { $1 }
    guard let name = fields["name"], (1...StandbyNoun.longestName).contains(name.utf8.count),
      name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C })
    else {
      throw Refusal.invalidFields.naming([
        .init("name", "must be a name of 1 to \(StandbyNoun.longestName) characters of ASCII without spaces")
      ])
    }
    func number(_ name: String) throws -> Int64? {
      guard let text = fields[name], text != "none" else { return nil }
      guard let number = Int64(text), number >= 0 else {
        throw Refusal.invalidFields.naming([.init(name, "must be a whole number")])
      }
      return number
    }
    return Followers.Report(
      name: name, address: visitor.actor.address, mark: fields["mark"],
      heldAt: try number("held_at_ms").map { Timestamp(milliseconds: $0) },
      interval: .milliseconds(min(try number("interval_ms") ?? 0, 86_400_000)), files: try number("files") ?? 0,
      bytes: try number("bytes") ?? 0)
  }

  @Sendable private func download(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let answer = parts.followers.answer()
    guard let copy = parts.followers.copy(request.parameters["name"] ?? ""),
      let file = try? OpenFile(path: copy.path, keeper: answer)
    else { throw Refusal.copyGone }
    return StandbyNoun.answer(file, named: "wonder.db", etag: Hexadecimal.encode(copy.sha256), request)
  }

  @Sendable private func end(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let name = request.parameters["name"] ?? ""
    let isHeld = request.queryValue("held") == "true"
    guard try await parts.blocking.run({ [followers = parts.followers] in followers.end(name, isHeld: isHeld) }) else {
      throw Refusal.copyGone
    }
    return .document("removed", .string(name))
  }

  /// A file of a job; with `sum=true` its ETag is its SHA-256, for rows that have none.
  @Sendable private func file(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let answer = parts.followers.answer()
    let name = request.parameters["name"] ?? ""
    let sums = request.queryValue("sum") == "true"
    let (file, etag) = try await parts.blocking.run(heavy: sums) { [blobs = parts.store.blobs] in
      guard Blobs.isName(name), let descriptor = try? blobs.open(name),
        let file = try? OpenFile(descriptor: descriptor, keeper: answer)
      else { throw Refusal.unknownFile }
      return (file, sums ? Hexadecimal.encode(try SHA256.digest(ofFile: file.descriptor, named: name)) : name)
    }
    return StandbyNoun.answer(file, named: name, etag: etag, request)
  }

  @Sendable private func key(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let key = try OpenFile(path: parts.store.directory.keyPath)
    try await parts.note(visitor.actor, "standby.key", "secret.key")
    return StandbyNoun.answer(key, named: "secret.key", etag: "key", request)
  }

  private static func answer(_ file: OpenFile, named name: String, etag: String, _ request: Request) -> Response {
    Response.file(
      file, named: name, contentType: "application/octet-stream", etag: "\"\(etag)\"", for: request
    ).with(.cacheControl, "private, no-store")
  }
}
