import Basics
import Engine
import HTTP
import Storage

/// The house API, as WonderConvert's page describes it (seeds/wonderconvert.txt).
struct Wonder: Dialect {
  static let name = "wonder"
  static let keyPrefix: KeyPrefix? = usualKeyPrefix
  static let usualKeyPrefix = KeyPrefix("wc_", title: "Wonder")
  static let style: WebhookStyle? = .wonder
  private static let photo = EmbeddedFile.find("samples/photo.png")

  let parts: DialectParts

  /// What a plan must have for every route that needs a key.
  static let needs = [Feature.jobsAPI]

  var routes: [DialectRoute] {
    [
      DialectRoute(
        .post, "/api/v1/jobs", .submit, needing: Wonder.needs, allowsPublicKeys: true, bodyLimit: parts.maxUpload,
        admission: parts.admission, submit),
      DialectRoute(.get, "/api/v1/jobs", .read, needing: Wonder.needs, list),
      DialectRoute(.get, "/api/v1/jobs/{request}", .read, needing: Wonder.needs, show),
      DialectRoute(.delete, "/api/v1/jobs/{request}", .submit, needing: Wonder.needs, remove),
      DialectRoute(.get, "/api/v1/jobs/{request}/events", .read, needing: Wonder.needs, events),
      DialectRoute(.get, "/api/v1/usage", .read, needing: Wonder.needs, usage),
      DialectRoute(open: .get, "/api/v1/formats", formats),
      DialectRoute(open: .get, "/samples/photo.png", sample),
    ] + WonderBatches(parts: parts).routes + WonderPresets(parts: parts).routes + WonderStorages(parts: parts).routes
      + WonderAccess(parts: parts).routes
  }

  func response(to refusal: Refusal, for request: Request?) -> Response {
    WonderRefusals.response(to: refusal, for: request)
  }

  func name(of subject: Refusal.Subject, for request: Request?) -> String {
    WonderRefusals.name(of: subject, for: request)
  }

  @Sendable private func submit(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    try parts.jobs.intake.requireRoom()
    let (receipt, waitsForEnd, wantsFile) = try await take(holder, request)
    if waitsForEnd {
      try await parts.jobs.waitForEnd(row: receipt.jobID)
      let view = try parts.jobs.desk.view(holder.workspace, row: receipt.jobID)
      if wantsFile, view.job.status == .completed, view.outputs.count == 1 {
        return try file(view.outputs[0], of: view, holder, request)
      }
      if view.job.status.isFinal {
        return .json(.ok, WonderDocuments.job(view) { parts.address.link($0, for: request) })
      }
    }
    let view = try parts.jobs.desk.view(holder.workspace, row: receipt.jobID)
    if holder.key.kind == .publicKey {
      return .json(
        .accepted,
        WonderDocuments.late(view, after: parts.jobs.patience, isRepeatable: request.headers[.idempotencyKey] != nil))
    }
    let status: Status = receipt.isReplay ? .ok : .accepted
    return .json(status, WonderDocuments.receipt(view, status, statusURL: statusURL(view, request)))
  }

  /// Reads and takes a submission; with the form its uploads are let go of, which count as stored from then on and would
  /// otherwise count twice against the outputs that somebody waits for.
  private func take(_ holder: KeyHolder, _ request: Request) async throws -> (
    receipt: Intake.Receipt, waitsForEnd: Bool, wantsFile: Bool
  ) {
    let form = try await WonderForm.read(request, parts, for: holder)
    let submission = try WonderRequests.submission(
      form, idempotencyKey: request.headers[.idempotencyKey],
      mostBytes: parts.largestFile(holder))
    let wantsFile = try WonderRequests.wantsFile(form)
    return (try await parts.jobs.intake.submit(submission, by: holder), submission.waitsForEnd, wantsFile)
  }

  /// The one output of a job that has ended, as a link's download would be; the job is what its location names.
  private func file(
    _ file: JobView.File, of view: JobView, _ holder: KeyHolder, _ request: Request
  ) throws -> Response {
    let opened = try parts.jobs.open(holder.workspace, file: file.identifier)
    return LinkedFiles.response(opened.output, try OpenFile(descriptor: opened.descriptor), for: request)
      .with(HeaderName("Content-Location"), statusURL(view, request))
  }

  @Sendable private func show(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let view = try parts.jobs.desk.view(holder.workspace, requestID: request.parameters["request"] ?? "")
    let home = parts.address.home(for: request)
    let (bytes, tag) = view.document.value(for: home) {
      let bytes = WonderDocuments.job(view) { home + $0 }
      return (bytes, Response.tag(of: bytes))
    }
    return Response.json(.ok, bytes).tagged(tag, for: request)
  }

  @Sendable private func list(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let query = try WonderRequests.listing(request, parts.jobs.store.identifiers)
    let page = try await parts.jobs.reports.jobs(holder.workspace, query)
    return .json(.ok, WonderDocuments.list(page, holder.workspace))
  }

  @Sendable private func remove(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let id = request.parameters["request"] ?? ""
    guard let row = parts.jobs.store.identifiers.row(.request, id) else { throw Refusal.unknownJob }
    let lifecycle = parts.jobs.lifecycle
    // One verb here: what goes on is canceled, what has ended is deleted.
    let isCanceled = try await lifecycle.cancel(holder.workspace.id, row: row)
    if !isCanceled { try await lifecycle.delete(holder.workspace.id, row: row) }
    return .json(.ok, WonderDocuments.removed(id, isCanceled: isCanceled))
  }

  @Sendable private func events(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let view = try parts.jobs.desk.view(holder.workspace, requestID: request.parameters["request"] ?? "")
    let after = Int64(request.headers[.lastEventID] ?? "") ?? 0
    let place = try parts.streams.enter("\(holder.key.id)") { [access = parts.jobs.access, key = holder.key.id] in
      access.isGood(key: key)
    }
    let heartbeat = parts.streams.heartbeat
    return .events(
      try WonderEvents.stream(view.job, after: after, parts.jobs, heartbeat: heartbeat, place: place))
  }

  @Sendable private func usage(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let query = try WonderRequests.usage(request)
    let report = try await parts.jobs.reports.usage(holder.workspace, months: query.months)
    if query.isTable {
      return Response(.ok, contentType: "text/csv; charset=utf-8", Array(WonderDocuments.usageTable(report).utf8))
    }
    return .json(.ok, WonderDocuments.usage(report, holder))
  }

  @Sendable private func formats(_ request: Request) async throws -> Response {
    .json(.ok, WonderDocuments.formats(parts.jobs.formats))
  }

  @Sendable private func sample(_ request: Request) async throws -> Response {
    guard let photo = Wonder.photo else { throw Refusal.unknownFile }
    return Response(.ok, contentType: "image/png", photo.bytes)
  }

  private func statusURL(_ view: JobView, _ request: Request) -> String {
    parts.address.link("/api/v1/jobs/\(view.requestID)", for: request)
  }
}
