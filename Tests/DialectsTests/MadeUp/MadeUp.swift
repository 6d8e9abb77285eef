import Basics
import Dialects
import Engine
import HTTP
import Storage

/// A dialect that no vendor has: three routes, ids and errors of its own, and a path that the house has, too.
struct MadeUp: Dialect {
  static let name = "made-up"
  static let style: WebhookStyle? = .madeUp
  static let prefix = "mu-"

  let parts: DialectParts

  var routes: [DialectRoute] {
    [
      DialectRoute(
        .post, "/made-up/turn/{target}", .submit, needing: [], visitors: VisitorRates(perMinute: 2, perDay: 3),
        bodyLimit: 1 << 20, turn),
      DialectRoute(
        .get, "/api/v1/jobs/{id}", .read, needing: [], accepts: { $0["id"]?.hasPrefix(MadeUp.prefix) ?? false }, show),
      DialectRoute(open: .get, "/made-up/hello") { _ in .text(.ok, "hello\n") },
      .absent(.post, "/made-up/rename", Refusal("not_here", 410, "Nothing is renamed here.")),
    ]
  }

  func response(to refusal: Refusal, for request: Request?) -> Response {
    let wrong = refusal.fields.map { "\(name(of: $0.subject, for: request)): \($0.problem)" }
    // A quota has a status of its own here.
    let status = refusal.code == "quota_exceeded" ? 402 : refusal.status
    return Response(
      Status(refusal: status), contentType: "text/x-made-up",
      Array(([refusal.message] + wrong).joined(separator: "\n").utf8))
  }

  func name(of subject: Refusal.Subject, for request: Request?) -> String {
    switch subject {
    case .target: "the last part of the path"
    case .option(let name): "header Made-Up-\(name)"
    case .files: "the body"
    default: "something"
    }
  }

  func tell(_ allowance: Allowance, in response: inout Response) {
    let day = allowance.day.map { ", \($0.remaining) of \($0.limit) today" } ?? ""
    response.headers.set(HeaderName("Made-Up-Left"), "\(allowance.remaining) of \(allowance.limit)\(day)")
  }

  /// The body is the file.
  private nonisolated(nonsending) func turn(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let bytes = try await request.body.collect(atMost: 1 << 20)
    let file = try SpoolFile.write(bytes, fieldName: "body", fileName: "body.png", in: parts.spool)
    var submission = Submission(
      dialect: MadeUp.name, fields: [], route: "turn", conversionType: nil, from: nil,
      to: request.parameters["target"],
      sources: bytes.isEmpty
        ? []
        : [
          .file(.init(path: file.path, name: file.fileName, size: file.size, contentType: nil, keeper: file))
        ], mostBytes: 1 << 20)
    if let quality = request.headers[HeaderName("Made-Up-quality")] { submission.options["quality"] = quality }
    submission.webhookURL = request.headers[HeaderName("Made-Up-Tell")]
    submission.webhookSecret = request.headers[HeaderName("Made-Up-Secret")]
    submission.tellsEveryChange = request.headers[HeaderName("Made-Up-Tell-All")] != nil
    if request.headers[HeaderName("Made-Up-Batch")] != nil { submission.batch = .init(mode: .individual) }
    let receipt = try await parts.jobs.intake.submit(submission, by: holder)
    return .text(.accepted, MadeUp.prefix + parts.jobs.store.identifiers.text(.request, receipt.jobID))
  }

  private nonisolated(nonsending) func show(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let id = (request.parameters["id"] ?? "").dropFirst(MadeUp.prefix.count)
    let view = try parts.jobs.desk.view(holder.workspace, requestID: String(id))
    return .text(.ok, "made-up \(view.job.status.rawValue)")
  }
}
