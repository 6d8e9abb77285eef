import Basics
import Engine
import HTTP
import Storage

/// Jobs of all workspaces in the admin API.
struct JobsNoun {
  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/jobs", .workspaceMember, list),
      AdminRoute(.get, "/jobs/{request}", .workspaceMember, show),
      AdminRoute(.delete, "/jobs/{request}", .workspaceAdmin, remove),
      AdminRoute(.post, "/jobs/{request}/cancel", .workspaceAdmin, cancel),
      AdminRoute(.post, "/jobs/{request}/retry", .workspaceAdmin, retry),
    ]
  }

  /// `q` looks for a request id, an Idempotency-Key or a part of a file's name, among the newest jobs of each workspace.
  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let limit = try request.limit(standard: 50)
    let status = try request.queryValue("status").map(JobsNoun.status)
    let before = try before(request)
    let slug = request.queryValue("workspace")
    let wanted = request.queryValue("q").map { $0.lowercased() } ?? ""
    let row = parts.store.identifiers.row(.request, wanted)
    let found: [(Job, String, [Input], Int64?)] = try await parts.read { database in
      let workspaces = try Workspaces.all(in: database).filter {
        (slug == nil || $0.slug == slug) && visitor.role(in: $0.id) != nil
      }
      if workspaces.isEmpty && slug != nil { throw Refusal.unknownWorkspace }
      let names = Dictionary(uniqueKeysWithValues: workspaces.map { ($0.id, $0.slug) })
      let jobs =
        if slug == nil && status == nil && wanted.isEmpty && visitor.isOperator {
          try Jobs.listAll(before: before, limit: limit + 1, in: database)
        } else {
          // The index by state belongs to each workspace.
          try workspaces.flatMap { workspace in
            wanted.isEmpty
              ? try Jobs.list(workspace.id, status: status, before: before, limit: limit + 1, in: database)
              : try Jobs.search(
                workspace.id, status: status, row: row, text: wanted, before: before, limit: limit + 1, in: database)
          }
        }
      return try jobs.sorted { $0.id > $1.id }.prefix(limit + 1).map {
        (
          $0, names[$0.workspaceID] ?? "", try Inputs.all(job: $0.id, in: database),
          try JobsNoun.progress($0, database)
        )
      }
    }
    let shown = found.prefix(limit)
    let next = found.count > limit ? shown.last.map { parts.store.identifiers.text(.request, $0.0.id) } : nil
    return .document(
      "jobs", .array(shown.map { .object(describe($0.0, $0.1, $0.3) + JobsNoun.summary($0.2)) }),
      ("next_cursor", next.map(JSONValue.string) ?? .null))
  }

  @Sendable private func show(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let row = try row(request)
    let found = try await parts.read { database in
      guard let job = try Jobs.load(id: row, in: database) else { throw Refusal.unknownJob }
      try visitor.mustSee(job.workspaceID, orElse: .unknownJob)
      let workspace = try Workspaces.facts(job.workspaceID, in: database)?.slug ?? ""
      return (
        job, workspace, try Inputs.all(job: row, in: database), try Outputs.all(job: row, in: database),
        try Events.all(job.workspaceID, job: row, in: database),
        try Keys.list(workspace: workspace, in: database).first { $0.id == job.keyID },
        try JobsNoun.progress(job, database),
        // What a program says may tell of other things than the file that it was given.
        visitor.isOperator ? try LastWords.find(job: row, in: database) : nil,
        (at: try Jobs.filesExpired(id: row, in: database), outputs: try PastOutputs.all(job: row, in: database))
      )
    }
    return .document(
      "job",
      .object(
        describe(found.0, found.1, found.6)
          + (found.7.map { [("last_words", .string($0))] } ?? [])
          + JobsNoun.details(
            found.0, key: found.5, batch: found.0.batchID.map { parts.store.identifiers.text(.batch, $0) }) + [
            ("files_expired_at", found.8.at.map { .string("\($0)") } ?? .null),
            ("past_outputs", .array(found.8.outputs.map(JobsNoun.describe))),
            ("inputs", .array(found.2.map(JobsNoun.describe))),
            ("warnings", .array(JobWarning.list(found.3).map(JobsNoun.describe))),
            ("outputs", .array(found.3.enumerated().map { JobsNoun.describe($0.offset, $0.element) })),
            (
              "events",
              .array(
                found.4.map { .object([("kind", .string($0.kind.rawValue)), ("at", .string("\($0.createdAt)"))]) })
            ),
          ]))
  }

  @Sendable private func cancel(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let job = try await job(request, visitor)
    guard try await parts.lifecycle.cancel(job.workspaceID, row: job.id, by: visitor.actor) else {
      throw Refusal.jobHasEnded
    }
    return .document("job", .string("canceled"))
  }

  @Sendable private func remove(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let job = try await job(request, visitor)
    try await parts.lifecycle.delete(job.workspaceID, row: job.id, by: visitor.actor)
    return .document("job", .string("deleted"))
  }

  @Sendable private func retry(_ visitor: Visitor, _ request: Request) async throws -> Response {
    try await parts.lifecycle.retry(row: job(request, visitor).id, by: visitor.actor)
    return .document("job", .string("pending"))
  }

  private func row(_ request: Request) throws -> Int64 {
    guard let row = parts.store.identifiers.row(.request, request.parameters["request"] ?? "") else {
      throw Refusal.unknownJob
    }
    return row
  }

  /// The job that a request is about, for a visitor who may change it.
  private func job(_ request: Request, _ visitor: Visitor) async throws -> Job {
    let row = try row(request)
    guard let job = try await parts.read({ try Jobs.load(id: row, in: $0) }) else { throw Refusal.unknownJob }
    try visitor.mustManage(job.workspaceID, orElse: .unknownJob)
    return job
  }

  private static func status(_ text: String) throws -> JobStatus {
    if let status = JobStatus(rawValue: text) { return status }
    let names = JobStatus.allCases.map(\.rawValue).joined(separator: ", ")
    throw Refusal.invalidFields.naming([.init("status", "\"\(text)\" is no status; valid: \(names)")])
  }

  /// The row below which a page of the list begins.
  private func before(_ request: Request) throws -> Int64 {
    guard let cursor = request.queryValue("cursor") else { return .max }
    guard let row = parts.store.identifiers.row(.request, cursor) else {
      throw Refusal.invalidFields.naming([.init("cursor", "is not a next_cursor of an earlier answer")])
    }
    return row
  }

  /// How far a job is that runs, in percent.
  static func progress(_ job: Job, _ database: Database) throws -> Int64? {
    job.status == .processing ? try Events.percent(job: job.id, in: database) : nil
  }

  func describe(_ job: Job, _ workspace: String, _ progress: Int64?) -> [(name: String, value: JSONValue)] {
    [
      ("request_id", .string(parts.store.identifiers.text(.request, job.id))), ("status", .string(job.status.rawValue)),
      ("progress", progress.map(JSONValue.integer) ?? .null),
      ("conversion", .string("\(job.sourceFormat) to \(job.targetFormat)")),
      ("attempts", .integer(Int64(job.attempts))),
      ("created_at", .string("\(job.createdAt)")),
      ("waited_ms", job.startedAt.map { .integer(max(0, ($0 - job.createdAt).milliseconds)) } ?? .null),
      ("ran_ms", .integer(job.run.milliseconds)),
      ("finished_at", job.finishedAt.map { .string("\($0)") } ?? .null),
      ("error", job.errorMessage.map(JSONValue.string) ?? .null),
      ("error_code", job.errorCode.map(JSONValue.string) ?? .null), ("workspace", .string(workspace)),
    ]
  }
}
