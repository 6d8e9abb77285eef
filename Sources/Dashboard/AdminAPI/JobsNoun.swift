import Basics
import Engine
import HTTP
import Storage

/// Jobs of all workspaces in the admin API.
struct JobsNoun {
  let parts: AdminParts

  var routes: [Route] {
    [
      Route(.get, AdminAPI.prefix + "/jobs", list),
      Route(.get, AdminAPI.prefix + "/jobs/{request}", show),
      Route(.delete, AdminAPI.prefix + "/jobs/{request}", remove),
      Route(.post, AdminAPI.prefix + "/jobs/{request}/cancel", cancel),
      Route(.post, AdminAPI.prefix + "/jobs/{request}/retry", retry),
    ]
  }

  @Sendable private func list(_ request: Request) async throws -> Response {
    try parts.requireOperator(request)
    let limit = min(max(Int(request.queryValue("limit") ?? "50") ?? 50, 1), 1000)
    let status = try request.queryValue("status").map(JobsNoun.status)
    let slug = request.queryValue("workspace")
    let jobs: [Job] = try await parts.read { database in
      if slug == nil && status == nil { return try Jobs.listAll(before: .max, limit: limit, in: database) }
      let workspaces = try Workspaces.all(in: database).filter { slug == nil || $0.slug == slug }
      if workspaces.isEmpty && slug != nil { throw Refusal.unknownWorkspace }
      // The index by state belongs to each workspace.
      let found = try workspaces.flatMap {
        try Jobs.list($0.id, status: status, before: .max, limit: limit, in: database)
      }
      return Array(found.sorted { $0.id > $1.id }.prefix(limit))
    }
    return .document("jobs", .array(jobs.map { .object(describe($0)) }))
  }

  @Sendable private func show(_ request: Request) async throws -> Response {
    try parts.requireOperator(request)
    let row = try row(request)
    let found = try await parts.read { database in
      guard let job = try Jobs.load(id: row, in: database) else { throw Refusal.unknownJob }
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

  @Sendable private func cancel(_ request: Request) async throws -> Response {
    try parts.requireOperator(request)
    let job = try await job(request)
    guard !job.status.isFinal else { throw Refusal.jobHasEnded }
    _ = try await parts.lifecycle.cancelOrDelete(job.workspaceID, row: job.id)
    return .document("job", .string("canceled"))
  }

  @Sendable private func remove(_ request: Request) async throws -> Response {
    try parts.requireOperator(request)
    let job = try await job(request)
    if try await parts.lifecycle.cancelOrDelete(job.workspaceID, row: job.id) == .canceled {
      _ = try await parts.lifecycle.cancelOrDelete(job.workspaceID, row: job.id)
    }
    return .document("job", .string("deleted"))
  }

  @Sendable private func retry(_ request: Request) async throws -> Response {
    try parts.requireOperator(request)
    try await parts.lifecycle.retry(row: row(request))
    return .document("job", .string("pending"))
  }

  private func row(_ request: Request) throws -> Int64 {
    guard let row = parts.store.identifiers.row(.request, request.parameters["request"] ?? "") else {
      throw Refusal.unknownJob
    }
    return row
  }

  private func job(_ request: Request) async throws -> Job {
    let row = try row(request)
    guard let job = try await parts.read({ try Jobs.load(id: row, in: $0) }) else { throw Refusal.unknownJob }
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
      ("waited_ms", job.startedAt.map { .integer(($0 - job.createdAt).milliseconds) } ?? .null),
      ("ran_ms", .integer(job.run.milliseconds)),
      ("finished_at", job.finishedAt.map { .string("\($0)") } ?? .null),
      ("error", job.errorMessage.map(JSONValue.string) ?? .null),
    ]
  }
}
