import Basics
import Engine
import HTTP
import Storage

/// The house API, as WonderConvert's page describes it (seeds/wonderconvert.txt), and the downloads that all share.
struct Wonder: Dialect {
  static let name = "wonder"

  let parts: DialectParts

  var routes: [Route] {
    [
      Route(.post, "/api/v1/jobs", bodyLimit: parts.maxUpload, submit),
      Route(.get, "/api/v1/jobs", list),
      Route(.get, "/api/v1/jobs/{request}", show),
      Route(.delete, "/api/v1/jobs/{request}", remove),
      Route(.get, "/api/v1/jobs/{request}/events", events),
      Route(.get, "/api/v1/usage", usage),
      Route(.get, "/files/{token}/{name}", download),
      Route(.get, "/samples/photo.png", sample),
    ]
  }

  func document(_ refusal: Refusal, requestID: String?) -> [UInt8] {
    WonderDocuments.refusal(refusal, requestID: requestID)
  }

  @Sendable private func submit(_ request: Request) async throws -> Response {
    try await admitted(request, for: .submit) { holder in
      let form = try await WonderForm.read(request, parts)
      let submission = try WonderRequests.submission(form, idempotencyKey: request.headers[.idempotencyKey])
      let wantsResult = try WonderRequests.wantsResult(form)
      let receipt = try await parts.jobs.intake.submit(submission, by: holder)
      if wantsResult {
        try await parts.jobs.waitForEnd(row: receipt.jobID)
        let view = try parts.jobs.desk.view(holder.workspace, row: receipt.jobID)
        if view.job.status.isFinal {
          return .json(.ok, WonderDocuments.job(view) { parts.address.link($0, for: request) })
        }
      }
      let view = try parts.jobs.desk.view(holder.workspace, row: receipt.jobID)
      let status: Status = receipt.isReplay ? .ok : .accepted
      return .json(status, WonderDocuments.receipt(view, status, statusURL: statusURL(view, request)))
    }
  }

  @Sendable private func show(_ request: Request) async throws -> Response {
    try await admitted(request, for: .read) { holder in
      let view = try parts.jobs.desk.view(holder.workspace, requestID: request.parameters["request"] ?? "")
      return .json(.ok, WonderDocuments.job(view) { parts.address.link($0, for: request) })
    }
  }

  @Sendable private func list(_ request: Request) async throws -> Response {
    try await admitted(request, for: .read) { holder in
      let query = try WonderRequests.listing(request, parts.jobs.store.identifiers)
      let page = try await parts.jobs.reports.jobs(holder.workspace, query)
      return .json(.ok, WonderDocuments.list(page, holder.workspace))
    }
  }

  @Sendable private func remove(_ request: Request) async throws -> Response {
    try await admitted(request, for: .submit) { holder in
      let id = request.parameters["request"] ?? ""
      guard let row = parts.jobs.store.identifiers.row(.request, id) else { throw Refusal.unknownJob }
      let state = try await parts.jobs.lifecycle.cancelOrDelete(holder.workspace.id, row: row)
      return .json(.ok, WonderDocuments.removed(id, isCanceled: state == .canceled))
    }
  }

  @Sendable private func events(_ request: Request) async throws -> Response {
    try await admitted(request, for: .read) { holder in
      let view = try parts.jobs.desk.view(holder.workspace, requestID: request.parameters["request"] ?? "")
      let after = Int64(request.headers[.lastEventID] ?? "") ?? 0
      let place = try parts.streams.enter("\(holder.key.id)")
      let heartbeat = parts.streams.heartbeat
      return .events(
        try WonderEvents.stream(
          holder.workspace, job: view.job.id, after: after, parts.jobs, heartbeat: heartbeat, place: place))
    }
  }

  @Sendable private func usage(_ request: Request) async throws -> Response {
    try await admitted(request, for: .read) { holder in
      let report = try await parts.jobs.reports.usage(holder.workspace)
      return .json(.ok, WonderDocuments.usage(report, holder))
    }
  }

  @Sendable private func download(_ request: Request) async throws -> Response {
    let (output, descriptor) = try parts.jobs.open(token: request.parameters["token"] ?? "")
    let file = try OpenFile(descriptor: descriptor)
    return Response.file(
      file, named: output.fileName, contentType: output.mediaType,
      etag: "\"\(Hexadecimal.encode(output.sha256.prefix(16)))\"", for: request
    )
    .with(.cacheControl, "private, no-store")
    .with(.contentSecurityPolicy, "sandbox; default-src 'none'")
  }

  @Sendable private func sample(_ request: Request) async throws -> Response {
    guard let photo = EmbeddedFile.find("samples/photo.png") else { throw Refusal.unknownFile }
    return Response(.ok, contentType: "image/png", photo.bytes)
  }

  /// Lets the holder of a key in and tells every answer, good or bad, what is left of the key's rate limit.
  private func admitted(
    _ request: Request, for permission: Access.Permission, _ body: (KeyHolder) async throws -> Response
  ) async throws -> Response {
    let admission = try parts.jobs.access.admit(Credentials.key(of: request), for: permission)
    do {
      var response = try await body(admission.holder)
      admission.allowance?.tell(in: &response)
      return response
    } catch let refusal as Refusal {
      throw refusal.leaving(admission.allowance)
    }
  }

  private func statusURL(_ view: JobView, _ request: Request) -> String {
    parts.address.link("/api/v1/jobs/\(view.requestID)", for: request)
  }
}
