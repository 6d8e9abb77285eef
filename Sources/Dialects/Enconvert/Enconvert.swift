import Basics
import Engine
import HTTP
import Storage

/// Enconvert's API, version 1, as its page on notifications (seeds/enconvert.txt), its documentation and its libraries have
/// it: files and pages that are converted while the client waits, batches of pages, and whole web sites.
struct Enconvert: Dialect {
  static let name = "enconvert"
  static let keyPrefix: KeyPrefix? = KeyPrefix("sk_live_", title: "Enconvert")
  static let style: WebhookStyle? = .enconvert
  /// "15 min life" of what the vendor's library fetches without a key.
  static let linkRules: LinkRules? = LinkRules(life: .seconds(900))
  /// What an identifier that a client gives belongs to, whatever it names.
  static let route = "POST /v1/convert"
  /// The vendor's library waits for five minutes.
  static let usualPatience = Duration.seconds(300)

  let parts: DialectParts
  /// How long a client is kept waiting for a result.
  var patience = usualPatience

  private var pages: EnconvertPages { EnconvertPages(parts: parts, answers: answers) }
  private var tokens: EnconvertTokens { EnconvertTokens(parts: parts) }
  private var answers: EnconvertAnswers { EnconvertAnswers(parts: parts, patience: patience) }

  var routes: [DialectRoute] {
    [
      DialectRoute(
        .post, "/v1/convert/{conversion}", .submit, needing: [], allowsPublicKeys: true, bodyLimit: parts.maxUpload,
        admission: parts.admission, convert),
      DialectRoute(.get, "/v1/convert/status/{job}", .read, needing: [], status),
      DialectRoute(.get, "/v1/convert/batch/{batch}", .read, needing: [], batch),
      DialectRoute(
        .get, "/v1/convert/download/\(EnconvertNames.place)/files/{project}/{file}/{name}", .read, needing: [], download
      ),
      DialectRoute(.get, "/v1/whoami", .read, needing: [], whoami),
      DialectRoute(.get, "/v1/auth/verify", .read, needing: [], verify),
      DialectRoute(
        .post, "/v1/auth/token", .submit, needing: [], allowsPublicKeys: true, bodyLimit: 1 << 10, token),
      DialectRoute(open: .get, "/health", health),
    ] + EnconvertAbsences.routes
  }

  func response(to refusal: Refusal, for request: Request?) -> Response {
    EnconvertRefusals.response(to: refusal, for: request)
  }

  func name(of subject: Refusal.Subject, for request: Request?) -> String { EnconvertRefusals.name(of: subject) }

  func key(of request: Request) -> String? { Credentials.key(of: request).map(tokens.key) }

  @Sendable private func convert(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    try parts.jobs.intake.requireRoom()
    let name = request.parameters["conversion"] ?? ""
    if let page = EnconvertPageKind.named(name) { return try await pages.convert(page, holder, request) }
    guard let conversion = EnconvertConversion.named(name) else {
      throw EnconvertRefusals.wrong(
        "'\(name)' is no conversion of this API; the file conversions are "
          + EnconvertConversion.all.map(\.name).joined(separator: ", "))
    }
    let (receipt, wantsBytes) = try await take(conversion, holder, request)
    return try await answers.wait(for: receipt.jobID, wantsBytes: wantsBytes, holder, request)
  }

  /// With the form its uploads are let go of, before anybody waits.
  private func take(
    _ conversion: EnconvertConversion, _ holder: KeyHolder, _ request: Request
  ) async throws -> (receipt: Intake.Receipt, wantsBytes: Bool) {
    let form = try await parts.form(request, of: holder)
    let (submission, wantsBytes) = try EnconvertRequests.submission(conversion, form, parts, holder)
    return (try await answers.submit(submission, by: holder), wantsBytes)
  }

  @Sendable private func status(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let name = request.parameters["job"] ?? ""
    switch try answers.subject(of: name, holder.workspace) {
    case .job(let row):
      let view = try answers.own(holder.workspace, row)
      return .json(.ok, EnconvertDocuments.status(view) { parts.address.link($0, for: request) })
    case .batch(let row):
      let view = try await answers.ownBatch(holder.workspace, row)
      return .json(.ok, EnconvertDocuments.status(view) { parts.address.link($0, for: request) })
    }
  }

  @Sendable private func batch(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    guard holder.plan.allowsAsync else { throw EnconvertRefusals.gate("Batch processing") }
    let row = try parts.jobs.batches.row(of: request.parameters["batch"] ?? "")
    let view = try await answers.ownBatch(holder.workspace, row)
    return .json(.ok, EnconvertDocuments.batch(view) { parts.address.link($0, for: request) })
  }

  @Sendable private func download(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    guard request.parameters["project"] == holder.workspace.slug else { throw Refusal.unknownFile }
    let (output, descriptor) = try parts.jobs.open(holder.workspace, file: request.parameters["file"] ?? "")
    return try EnconvertAnswers.bytes(of: output, descriptor, for: request)
  }

  @Sendable private func whoami(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    var writer = JSONWriter()
    writer.object { document in
      document.member("project_id", holder.workspace.slug)
      document.member("plan_slug", holder.plan.name)
    }
    return .json(.ok, writer.bytes)
  }

  @Sendable private func verify(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    var writer = JSONWriter()
    writer.object { document in
      document.member("valid", true)
      document.member("key_type", "private")
      document.member("project_id", holder.workspace.slug)
    }
    return .json(.ok, writer.bytes)
  }

  @Sendable private func token(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    guard holder.key.kind == .publicKey, let key = Credentials.key(of: request) else {
      throw EnconvertRefusals.wrong("Only a public key becomes a token; a private key is used as it is.")
    }
    return .json(.ok, tokens.document(of: tokens.key(of: key), for: holder))
  }

  @Sendable private func health(_ request: Request) async throws -> Response {
    Response.json(.ok, Array(#"{"status":"ok"}"#.utf8)).with(.cacheControl, "no-store")
  }
}
