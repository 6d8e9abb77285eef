import Basics
import Engine
import HTTP
import Storage

/// Many files in one request, each a job of its own, counted together.
struct WonderBatches: Sendable {
  let parts: DialectParts

  var routes: [DialectRoute] {
    [
      DialectRoute(
        .post, "/api/v1/batches", .submit, needing: Wonder.needs, bodyLimit: parts.maxUpload,
        admission: parts.admission, submit),
      DialectRoute(.get, "/api/v1/batches", .read, needing: Wonder.needs, list),
      DialectRoute(.get, "/api/v1/batches/{batch}", .read, needing: Wonder.needs, show),
      DialectRoute(.delete, "/api/v1/batches/{batch}", .submit, needing: Wonder.needs, remove),
    ]
  }

  @Sendable private func submit(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    try parts.jobs.intake.requireRoom()
    let form = try await WonderForm.read(request, parts, for: holder)
    let submission = try WonderRequests.batch(
      form, idempotencyKey: request.headers[.idempotencyKey], mostBytes: parts.largestFile(holder))
    let receipt = try await parts.jobs.intake.submit(submission, by: holder)
    guard let row = receipt.batchID else { throw Refusal.unknownBatch }
    var query = BatchDesk.Query()
    query.limit = 0
    let view = try await parts.jobs.batches.view(holder.workspace, row: row, query)
    let status: Status = receipt.isReplay ? .ok : .accepted
    let address = parts.address.link("/api/v1/batches/\(view.batchID)", for: request)
    return .json(status, WonderBatchDocuments.receipt(view, status, statusURL: address))
  }

  @Sendable private func list(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let query = try WonderRequests.page(request, of: 50) { parts.jobs.store.identifiers.row(.batch, $0) }
    let page = try await parts.jobs.batches.list(holder.workspace, before: query.place ?? .max, limit: query.limit)
    return .json(.ok, WonderBatchDocuments.list(page, holder.workspace))
  }

  @Sendable private func show(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let page = try WonderRequests.page(request, of: 100, least: 0) { parts.jobs.store.identifiers.row(.request, $0) }
    var query = BatchDesk.Query()
    query.limit = page.limit
    query.after = page.place ?? 0
    let row = try parts.jobs.batches.row(of: request.parameters["batch"] ?? "")
    let view = try await parts.jobs.batches.view(holder.workspace, row: row, query)
    return .json(.ok, WonderBatchDocuments.batch(view) { parts.address.link($0, for: request) })
  }

  @Sendable private func remove(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let id = request.parameters["batch"] ?? ""
    let row = try parts.jobs.batches.row(of: id)
    let lifecycle = parts.jobs.lifecycle
    let isCanceled = try await lifecycle.cancel(holder.workspace.id, batch: row)
    if !isCanceled { try await lifecycle.delete(holder.workspace.id, batch: row) }
    return .json(.ok, WonderBatchDocuments.removed(id, isCanceled: isCanceled))
  }
}
