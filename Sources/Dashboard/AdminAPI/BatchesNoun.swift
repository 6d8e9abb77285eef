import Basics
import Engine
import HTTP
import Storage

/// Batches in the admin API: many files converted alike, each a job.
struct BatchesNoun {
  /// So many of a batch's jobs are shown with it.
  private static let shown = 500

  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/batches", .workspaceMember, list),
      AdminRoute(.get, "/batches/{batch}", .workspaceMember, show),
      AdminRoute(.get, "/batches/{batch}/archive", .workspaceMember, archive),
      AdminRoute(.post, "/batches/{batch}/cancel", .workspaceAdmin, cancel),
    ]
  }

  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let limit = try request.limit(standard: 50)
    let slug = request.queryValue("workspace") ?? ""
    let cursor = request.queryValue("cursor")
    guard let before = cursor == nil ? .max : parts.store.identifiers.row(.batch, cursor ?? "") else {
      throw Refusal.invalidFields.naming([.init("cursor", "is not a next_cursor of an earlier answer")])
    }
    let found = try await parts.read { database in
      let workspace = try Provisioning.workspace(slug, database)
      try visitor.mustSee(workspace.id)
      return try Batches.list(workspace.id, before: before, limit: limit + 1, in: database).map {
        ($0, try BatchesNoun.firstFile($0, database))
      }
    }
    let next = found.count > limit ? parts.store.identifiers.text(.batch, found[limit - 1].0.id) : nil
    return .document(
      "batches", .array(found.prefix(limit).map { .object(describe($0.0) + [("file_name", $0.1)]) }),
      ("next_cursor", next.map(JSONValue.string) ?? .null))
  }

  @Sendable private func show(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let row = try row(request)
    let (batch, slug, jobs, file, packed, hasOutputs) = try await parts.read { database in
      guard let batch = try Batches.load(id: row, in: database) else { throw Refusal.unknownBatch }
      try visitor.mustSee(batch.workspaceID, orElse: .unknownBatch)
      let jobs = try Batches.jobs(row, limit: BatchesNoun.shown, in: database).compactMap { id in
        try Jobs.load(id: id, in: database).map {
          ($0, try Inputs.all(job: id, in: database), try JobsNoun.progress($0, database))
        }
      }
      return (
        batch, try Workspaces.facts(batch.workspaceID, in: database)?.slug ?? "", jobs,
        try BatchesNoun.firstFile(batch, database),
        try batch.archiveJobID.flatMap { try Outputs.all(job: $0, in: database).first },
        try jobs.contains { try !Outputs.all(job: $0.0.id, in: database).isEmpty }
      )
    }
    let noun = JobsNoun(parts: parts)
    return .document(
      "batch",
      .object(
        describe(batch) + [
          ("file_name", file), ("workspace", .string(slug)),
          ("has_outputs", .boolean(hasOutputs)), ("archive_bytes", packed.map { .integer($0.size) } ?? .null),
          ("jobs", .array(jobs.map { .object(noun.describe($0.0, slug, $0.2) + JobsNoun.summary($0.1)) })),
        ]))
  }

  /// What the batch has made, in one archive: the one that was asked for with it, else one that is made now.
  @Sendable private func archive(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let row = try row(request)
    let (workspace, packed) = try await parts.read { database in
      guard let batch = try Batches.load(id: row, in: database),
        let workspace = try Workspaces.all(in: database).first(where: { $0.id == batch.workspaceID })
      else { throw Refusal.unknownBatch }
      try visitor.mustSee(workspace.id, orElse: .unknownBatch)
      return (workspace, try batch.archiveJobID.flatMap { try Outputs.all(job: $0, in: database).first })
    }
    let (descriptor, tag) =
      if let packed {
        (try parts.store.blobs.open(packed.blob), "o\(packed.id)")
      } else {
        try await parts.conversions.jobs.batches.archive(workspace, row: row, parts.lifecycle.room)
      }
    return Response.file(
      try OpenFile(descriptor: descriptor), named: "\(request.parameters["batch"] ?? "batch").zip",
      contentType: "application/zip", etag: "\"\(tag)\"", for: request
    )
    .with(.cacheControl, "private, no-store")
  }

  @Sendable private func cancel(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let row = try row(request)
    let workspace = try await parts.read { database in
      guard let batch = try Batches.load(id: row, in: database) else { throw Refusal.unknownBatch }
      try visitor.mustManage(batch.workspaceID, orElse: .unknownBatch)
      return batch.workspaceID
    }
    let isCanceled = try await parts.lifecycle.cancel(workspace, batch: row, by: visitor.actor)
    return .document("batch", .string(isCanceled ? "canceled" : "ended"))
  }

  private func row(_ request: Request) throws -> Int64 {
    guard let row = parts.store.identifiers.row(.batch, request.parameters["batch"] ?? "") else {
      throw Refusal.unknownBatch
    }
    return row
  }

  /// What people know a batch by.
  private static func firstFile(_ batch: Batch, _ database: Database) throws -> JSONValue {
    let first = try Batches.jobs(batch.id, limit: 1, in: database).first
    return try first.flatMap { try Inputs.all(job: $0, in: database).first }.map { .string($0.fileName) } ?? .null
  }

  private func describe(_ batch: Batch) -> [(name: String, value: JSONValue)] {
    [
      ("batch_id", .string(parts.store.identifiers.text(.batch, batch.id))),
      ("status", .string(batch.status.rawValue)), ("mode", .string(batch.mode.rawValue)),
      ("total", .integer(Int64(batch.total))), ("completed", .integer(Int64(batch.completed))),
      ("failed", .integer(Int64(batch.failed))), ("canceled", .integer(Int64(batch.canceled))),
      ("is_open", .boolean(batch.isOpen == true)),
      ("error", batch.errorMessage.map(JSONValue.string) ?? .null),
      ("created_at", .string("\(batch.createdAt)")),
      ("finished_at", batch.finishedAt.map { .string("\($0)") } ?? .null),
    ]
  }
}
