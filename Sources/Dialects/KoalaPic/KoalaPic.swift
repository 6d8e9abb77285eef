import Basics
import Engine
import HTTP
import Storage

/// KoalaPic's API, as its page on webhooks (seeds/koalapic.txt) and its documentation describe it: one picture or up to
/// fifty, converted while the client waits for a webhook, a stream or an answer to its questions.
///
/// A conversion and a batch are known by names of their own, which are those of the job or the batch in other words.
struct KoalaPic: Dialect {
  static let name = "koalapic"
  static let keyPrefix: KeyPrefix? = KeyPrefix("kp_", title: "KoalaPic")
  static let style: WebhookStyle? = .koalapic
  /// "2-hour TTL", "10 per token"; "/dl/{token}".
  static let linkRules: LinkRules? = LinkRules(life: .seconds(7200), mostDownloads: 10, isShort: true)
  /// "files × ≤ 50".
  static let mostFiles = 50
  private static let needs: [Feature] = [.jobsAPI]
  /// "anonymous 10/min, 50/day".
  private static let visitors = VisitorRates(perMinute: 10, perDay: 50)
  private static let largestDocument = 64 << 10

  let parts: DialectParts

  var routes: [DialectRoute] {
    let isOurs: Route.Accepting = { !($0["id"] ?? "").hasPrefix("req_") }
    return [
      DialectRoute(
        .post, "/api/v1/convert", .submit, needing: KoalaPic.needs, visitors: KoalaPic.visitors,
        bodyLimit: parts.maxUpload,
        admission: parts.admission, convert),
      DialectRoute(
        .post, "/api/v1/convert/url", .submit, needing: KoalaPic.needs, visitors: KoalaPic.visitors,
        bodyLimit: Int64(KoalaPic.largestDocument),
        admission: parts.admission, convertAddress),
      DialectRoute(
        .post, "/api/v1/convert/batch", .submit, needing: KoalaPic.needs, visitors: KoalaPic.visitors,
        bodyLimit: parts.maxUpload,
        admission: parts.admission, convertMany),
      DialectRoute(.get, "/api/v1/convert/{id}", .read, needing: KoalaPic.needs, visitors: KoalaPic.visitors, show),
      DialectRoute(
        .get, "/api/v1/convert/{id}/stream", .read, needing: KoalaPic.needs, visitors: KoalaPic.visitors, stream),
      DialectRoute(
        .get, "/api/v1/jobs/{id}", .read, needing: KoalaPic.needs, visitors: KoalaPic.visitors, accepts: isOurs, show),
      DialectRoute(
        .get, "/api/v1/jobs/{id}/events", .read, needing: KoalaPic.needs, visitors: KoalaPic.visitors, accepts: isOurs,
        stream),
      DialectRoute(
        .get, "/api/v1/jobs/{id}/zip", .read, needing: KoalaPic.needs, visitors: KoalaPic.visitors, accepts: isOurs,
        archive),
      DialectRoute(open: .get, "/api/v1/csrf-token", formToken),
    ]
  }

  func response(to refusal: Refusal, for request: Request?) -> Response {
    KoalaPicRefusals.response(to: refusal, for: request)
  }

  func name(of subject: Refusal.Subject, for request: Request?) -> String {
    KoalaPicRefusals.name(of: subject, for: request)
  }

  func tell(_ allowance: Allowance, in response: inout Response) {
    KoalaPicRefusals.tell(allowance, in: &response)
  }

  /// "[docs] also X-API-Key, ?api_key=": an EventSource sends no fields.
  func key(of request: Request) -> String? {
    Credentials.key(of: request) ?? request.queryValue("api_key")
  }

  @Sendable private func convert(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    try parts.jobs.intake.requireRoom()
    let form = try await parts.form(request, of: holder)
    let submission = try KoalaPicRequests.conversion(form, request, parts, holder)
    return try await take(submission, holder, request)
  }

  @Sendable private func convertAddress(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    try parts.jobs.intake.requireRoom()
    let bytes = try await request.body.collect(atMost: KoalaPic.largestDocument)
    let fields = try await ClientDocument.read(bytes, on: parts.jobs.blocking, KoalaPicRequests.document)
    let submission = try KoalaPicRequests.conversion(ofAddressIn: fields, request, parts, holder)
    return try await take(submission, holder, request)
  }

  private func take(_ submission: Submission, _ holder: KeyHolder, _ request: Request) async throws -> Response {
    let receipt = try await parts.jobs.intake.submit(submission, by: holder)
    let view = try parts.jobs.desk.view(holder.workspace, row: receipt.jobID)
    return .json(.accepted, KoalaPicDocuments.conversion(view) { parts.address.link($0, for: request) })
  }

  @Sendable private func convertMany(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    try parts.jobs.intake.requireRoom()
    let form = try await parts.form(request, of: holder)
    let submission = try KoalaPicRequests.batch(form, request, parts, holder)
    let receipt = try await parts.jobs.intake.submit(submission, by: holder)
    guard let row = receipt.batchID else { throw Refusal.unknownBatch }
    let view = try await parts.jobs.batches.view(holder.workspace, row: row)
    return .json(.accepted, KoalaPicDocuments.batch(view) { parts.address.link($0, for: request) })
  }

  @Sendable private func show(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let link = { parts.address.link($0, for: request) }
    switch try KoalaPicNames.subject(request.parameters["id"] ?? "", parts.jobs.store.identifiers) {
    case .job(let row): return .json(.ok, KoalaPicDocuments.conversion(try own(holder, row), link))
    case .batch(let row):
      return .json(.ok, KoalaPicDocuments.batch(try await ownBatch(holder, row), link))
    }
  }

  @Sendable private func stream(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let subject = try KoalaPicNames.subject(request.parameters["id"] ?? "", parts.jobs.store.identifiers)
    let events = KoalaPicEvents(
      jobs: parts.jobs, workspace: holder.workspace, link: { parts.address.link($0, for: request) })
    let jobs: [Int64]
    switch subject {
    case .job(let row): jobs = [try own(holder, row).job.id]
    case .batch(let row): jobs = try await ownBatch(holder, row).tasks.map(\.view.job.id)
    }
    let place = try parts.streams.enter(holder.visitor ?? "\(holder.key.id)") { [access = parts.jobs.access] in
      access.isGood(key: holder.key.id)
    }
    return .events(
      try events.stream(
        subject, jobs, after: request.headers[.lastEventID] ?? "", heartbeat: parts.streams.heartbeat, place: place))
  }

  @Sendable private func archive(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    guard
      case .batch(let row) = try KoalaPicNames.subject(
        request.parameters["id"] ?? "", parts.jobs.store.identifiers)
    else { throw Refusal.unknownBatch }
    _ = try await ownBatch(holder, row)
    let (descriptor, tag) = try await parts.jobs.batches.archive(holder.workspace, row: row, parts.jobs.lifecycle.room)
    return Response.file(
      try OpenFile(descriptor: descriptor), named: "koalapic.zip", contentType: "application/zip", etag: "\"\(tag)\"",
      for: request
    )
    .with(.cacheControl, "private, no-store")
  }

  /// For pages that send one as X-CSRFToken; nothing here goes by cookies, so there is nothing it would have to protect.
  @Sendable private func formToken(_ request: Request) async throws -> Response {
    var writer = JSONWriter()
    writer.object { $0.member("csrf_token", Base32.text(Entropy.system.bytes(20))) }
    return .json(.ok, writer.bytes).with(.cacheControl, "no-store")
  }

  /// A job that came by this API; any other is none of its own.
  private func own(_ holder: KeyHolder, _ row: Int64) throws -> JobView {
    let view = try parts.jobs.desk.view(holder.workspace, row: row)
    guard view.job.dialect == KoalaPic.name else { throw Refusal.unknownJob }
    return view
  }

  private func ownBatch(_ holder: KeyHolder, _ row: Int64) async throws -> BatchView {
    let view = try await parts.jobs.batches.view(holder.workspace, row: row)
    guard view.batch.dialect == KoalaPic.name else { throw Refusal.unknownBatch }
    return view
  }
}
