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

  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let limit = try request.limit(standard: 50)
    let status = try request.queryValue("status").map(JobsNoun.status)
    let slug = request.queryValue("workspace")
    let jobs: [Job] = try await parts.read { database in
      if slug == nil && status == nil && visitor.isOperator {
        return try Jobs.listAll(before: .max, limit: limit, in: database)
      }
      let workspaces = try Workspaces.all(in: database).filter {
        (slug == nil || $0.slug == slug) && visitor.role(in: $0.id) != nil
      }
      if workspaces.isEmpty && slug != nil { throw Refusal.unknownWorkspace }
      // The index by state belongs to each workspace.
      let found = try workspaces.flatMap {
        try Jobs.list($0.id, status: status, before: .max, limit: limit, in: database)
      }
      return Array(found.sorted { $0.id > $1.id }.prefix(limit))
    }
    return .document("jobs", .array(jobs.map { .object(describe($0)) }))
  }

  @Sendable private func show(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let row = try row(request)
    let found = try await parts.read { database in
      guard let job = try Jobs.load(id: row, in: database) else { throw Refusal.unknownJob }
      try visitor.mustSee(job.workspaceID, orElse: .unknownJob)
      return (
        job, try Inputs.all(job: row, in: database), try Outputs.all(job: row, in: database),
        try Events.all(job.workspaceID, job: row, in: database)
      )
    }
    var members = describe(found.0)
    members.append(
      (
        "inputs",
        .array(
          found.1.map {
            .object([("file_name", .string($0.fileName)), ("size", $0.size.map(JSONValue.integer) ?? .null)])
          }
        )
      ))
    members.append(
      (
        "outputs",
        .array(found.2.map { .object([("file_name", .string($0.fileName)), ("size", .integer($0.size))]) })
      ))
    members.append(
      (
        "events",
        .array(
          found.3.map { .object([("kind", .string($0.kind.rawValue)), ("at", .string("\($0.createdAt)"))]) })
      ))
    return .document("job", .object(members))
  }

  @Sendable private func cancel(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let job = try await job(request, visitor)
    guard !job.status.isFinal else { throw Refusal.jobHasEnded }
    _ = try await parts.lifecycle.cancelOrDelete(job.workspaceID, row: job.id)
    return .document("job", .string("canceled"))
  }

  @Sendable private func remove(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let job = try await job(request, visitor)
    if try await parts.lifecycle.cancelOrDelete(job.workspaceID, row: job.id) == .canceled {
      _ = try await parts.lifecycle.cancelOrDelete(job.workspaceID, row: job.id)
    }
    return .document("job", .string("deleted"))
  }

  @Sendable private func retry(_ visitor: Visitor, _ request: Request) async throws -> Response {
    try await parts.lifecycle.retry(row: job(request, visitor).id)
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

  private func describe(_ job: Job) -> [(name: String, value: JSONValue)] {
    [
      ("request_id", .string(parts.store.identifiers.text(.request, job.id))), ("status", .string(job.status.rawValue)),
      ("conversion", .string("\(job.sourceFormat) to \(job.targetFormat)")),
      ("attempts", .integer(Int64(job.attempts))),
      ("created_at", .string("\(job.createdAt)")),
      ("waited_ms", job.startedAt.map { .integer(max(0, ($0 - job.createdAt).milliseconds)) } ?? .null),
      ("ran_ms", .integer(job.run.milliseconds)),
      ("finished_at", job.finishedAt.map { .string("\($0)") } ?? .null),
      ("error", job.errorMessage.map(JSONValue.string) ?? .null),
    ]
  }
}
