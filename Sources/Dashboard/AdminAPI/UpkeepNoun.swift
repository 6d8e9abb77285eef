import Basics
import Engine
import HTTP
import Storage

/// Figures, checks and clearing up in the admin API.
struct UpkeepNoun {
  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/stats", .operator_, stats),
      AdminRoute(.post, "/queue/pause", .operator_, pause),
      AdminRoute(.post, "/queue/resume", .operator_, resume),
      AdminRoute(.post, "/check", .operator_, check),
      AdminRoute(.post, "/prune", .operator_, prune),
    ]
  }

  @Sendable private func stats(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let figures = try await parts.read { database in
      try [
        ("workspaces", Int64(Workspaces.all(in: database).count)), ("waiting", Int64(Queue.countWaiting(in: database))),
        ("running", Int64(Queue.countRunning(in: database))),
        ("submitted", Usage.total("jobs.submitted", in: database)),
        ("completed", Usage.total("jobs.completed", in: database)),
        ("failed", Usage.total("jobs.failed", in: database)),
        ("canceled", Usage.total("jobs.canceled", in: database)),
        ("stored_bytes", Usage.total(Usage.storedBytes, in: database)),
      ]
    }
    let isPaused = try await parts.read { try Switches.isOn(.queueIsPaused, in: $0) }
    return .document(
      "stats",
      .object(
        figures.map { (name: $0.0, value: .integer($0.1)) } + [(name: "queue_is_paused", value: .boolean(isPaused))]))
  }

  @Sendable private func pause(_ visitor: Visitor, _ request: Request) async throws -> Response {
    try await parts.lifecycle.setPaused(true, by: visitor.actor)
    return .document("queue", .string("paused"))
  }

  @Sendable private func resume(_ visitor: Visitor, _ request: Request) async throws -> Response {
    try await parts.lifecycle.setPaused(false, by: visitor.actor)
    return .document("queue", .string("running"))
  }

  @Sendable private func check(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let findings = try await parts.blocking.run { [inspection = parts.inspection] in try inspection.check() }
    return .document(
      "check",
      .object([
        ("sound", .boolean(findings.isSound)), ("database", .string(findings.database)),
        ("missing_files", .array(findings.missingFiles.map(JSONValue.string))),
        ("orphan_files", .array(findings.orphanFiles.map(JSONValue.string))),
        ("could_not_look", findings.unseen.map(JSONValue.string) ?? .null),
      ]))
  }

  @Sendable private func prune(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let removed = try await parts.blocking.run { [parts] in
      do {
        return try parts.janitor.prune()
      } catch let failure as SystemFailure {
        throw Refusal.couldNotLook("\(failure)")
      }
    }
    try await parts.note(visitor.actor, "files.prune", "\(removed)")
    return .document("pruned", .object([("orphan_files", .integer(Int64(removed)))]))
  }
}
