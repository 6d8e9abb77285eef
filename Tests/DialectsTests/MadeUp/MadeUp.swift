import Basics
import Dialects
import Engine
import HTTP
import Storage

/// A dialect that no vendor has: routes, ids, errors and documents of its own, and a path that the house has, too.
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
      DialectRoute(.post, "/made-up/turns/{targets}", .submit, needing: [], bodyLimit: 1 << 20, turns),
      DialectRoute(.get, "/made-up/whole/{id}", .read, needing: [], takesJobToken: true, whole),
      DialectRoute(.get, "/made-up/token/{id}", .submit, needing: [], token),
      DialectRoute(
        .get, "/api/v1/jobs/{id}", .read, needing: [], accepts: { $0["id"]?.hasPrefix(MadeUp.prefix) ?? false }, show),
      DialectRoute(open: .get, "/made-up/hello") { _ in .text(.ok, "hello\n") },
      .absent(.post, "/made-up/rename", Refusal("not_here", 410, "Nothing is renamed here.")),
    ] + MadeUpSteps(parts: parts).routes
  }

  func response(to refusal: Refusal, for request: Request?) -> Response {
    let wrong = refusal.fields.map { field in
      "\(name(of: field.subject, for: request))\(field.task.map { " (\($0 + 1))" } ?? ""): \(field.problem)"
    }
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

  func jobCredential(of request: Request) -> Access.JobCredential? {
    guard let token = request.headers[HeaderName("Made-Up-Token")],
      let row = parts.jobs.store.identifiers.row(
        .request, (request.parameters["id"] ?? "").dropFirst(MadeUp.prefix.count))
    else { return nil }
    return Access.JobCredential(job: row, token: token)
  }

  static func downloadPassword(of request: Request) -> String? { request.headers[HeaderName("Made-Up-Password")] }

  private func token(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let id = (request.parameters["id"] ?? "").dropFirst(MadeUp.prefix.count)
    let job = try parts.jobs.desk.whole(holder.workspace, requestID: String(id)).view.job
    return .text(.ok, parts.jobs.access.jobTokens.token(ofJob: job.id))
  }

  func tell(_ allowance: Allowance, in response: inout Response) {
    let day = allowance.day.map { ", \($0.remaining) of \($0.limit) today" } ?? ""
    response.headers.set(HeaderName("Made-Up-Left"), "\(allowance.remaining) of \(allowance.limit)\(day)")
  }

  /// The body is the file.
  private func turn(_ holder: KeyHolder, _ request: Request) async throws -> Response {
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
    if let kept = request.headers[HeaderName("Made-Up-Kept")].flatMap({ Int64($0) }) {
      submission.sources = [.stored(kept, name: nil)]
    }
    if let folder = request.headers[HeaderName("Made-Up-Keep")] {
      submission.storing = StoreWish(folderID: Int64(folder), keepsOriginals: true)
    }
    if let quality = request.headers[HeaderName("Made-Up-quality")] { submission.task.options["quality"] = quality }
    submission.webhookURL = request.headers[HeaderName("Made-Up-Tell")]
    submission.webhookSecret = request.headers[HeaderName("Made-Up-Secret")]
    submission.tellsEveryChange = request.headers[HeaderName("Made-Up-Tell-All")] != nil
    if let mode = request.headers[HeaderName("Made-Up-Batch")] {
      submission.batch = .init(mode: mode == "zip" ? .zip : .individual)
    }
    submission.downloadPasswords = (request.headers[HeaderName("Made-Up-Passwords")] ?? "").split(separator: ",").map(
      String.init)
    let receipt = try await parts.jobs.intake.submit(submission, by: holder)
    return .text(.accepted, MadeUp.prefix + parts.jobs.store.identifiers.text(.request, receipt.jobID))
  }

  /// Several targets such as "jpg,png:0,png:1", where a number is the only copy of the body that the target is for;
  /// `Made-Up-Copies` says how many files the body is.
  private func turns(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let bytes = try await request.body.collect(atMost: 1 << 20)
    let copies = request.headers[HeaderName("Made-Up-Copies")].flatMap { Int($0) } ?? 1
    let sources = try (0..<copies).map { number -> Submission.Source in
      let file = try SpoolFile.write(bytes, fieldName: "body", fileName: "body\(number).png", in: parts.spool)
      return .file(.init(path: file.path, name: file.fileName, size: file.size, contentType: nil, keeper: file))
    }
    var submission = Submission(
      dialect: MadeUp.name, fields: [], route: "turns", conversionType: nil, from: nil, to: nil, sources: sources,
      mostBytes: 1 << 20)
    submission.tasks = MadeUp.tasks(request.parameters["targets"] ?? "")
    submission.packsOutputs = request.headers[HeaderName("Made-Up-Packed")] != nil
    if request.headers[HeaderName("Made-Up-Apart")] != nil { submission.batch = .init(mode: .individual) }
    let receipt = try await parts.jobs.intake.submit(submission, by: holder)
    return .text(.accepted, MadeUp.prefix + parts.jobs.store.identifiers.text(.request, receipt.jobID))
  }

  static func tasks(_ text: String) -> [Submission.Task] {
    text.split(separator: ",").map { target in
      let parts = target.split(separator: ":")
      return Submission.Task(
        to: parts.first.map(String.init), files: parts.count > 1 ? parts[1...].map { Int($0) ?? -1 } : nil)
    }
  }

  private func whole(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let id = (request.parameters["id"] ?? "").dropFirst(MadeUp.prefix.count)
    let job = try parts.jobs.desk.whole(holder.workspace, requestID: String(id))
    return Response(.ok, contentType: "application/json", Array(MadeUpDocument.job(job).text.utf8))
  }

  private func show(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let id = (request.parameters["id"] ?? "").dropFirst(MadeUp.prefix.count)
    let view = try parts.jobs.desk.view(holder.workspace, requestID: String(id))
    return .text(.ok, "made-up \(view.job.status.rawValue)")
  }
}
