import Basics
import Dialects
import Engine
import HTTP
import Storage

/// Jobs that come in steps: made, given files, started.
struct MadeUpSteps: Sendable {
  let parts: DialectParts

  var routes: [DialectRoute] {
    [
      DialectRoute(.post, "/made-up/make/{targets}", .submit, needing: [], make),
      DialectRoute(.post, "/made-up/add/{id}", .submit, needing: [], bodyLimit: 1 << 20, add),
      DialectRoute(.post, "/made-up/start/{id}", .submit, needing: [], start),
      DialectRoute(.delete, "/made-up/jobs/{id}", .submit, needing: [], cancel),
    ]
  }

  /// `Made-Up-Secret` is something that nobody may see.
  private func make(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    var submission = Submission(
      dialect: MadeUp.name, fields: [], route: "make", conversionType: nil, from: nil, to: nil, sources: [],
      mostBytes: 1 << 20)
    submission.tasks = MadeUp.tasks(request.parameters["targets"] ?? "")
    submission.idempotencyKey = request.headers[.idempotencyKey]
    if let secret = request.headers[HeaderName("Made-Up-Secret")] {
      submission.secrets = [JobSecret(name: "password", value: secret)]
    }
    let receipt = try await parts.jobs.intake.create(submission, by: holder)
    return .text(.accepted, MadeUp.prefix + parts.jobs.store.identifiers.text(.request, receipt.jobID))
  }

  /// The body is a file, or `Made-Up-From` its address.
  private func add(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let row = try row(request)
    let source: Submission.Source
    if let address = request.headers[HeaderName("Made-Up-From")] {
      source = .address(address, name: nil)
    } else {
      let bytes = try await request.body.collect(atMost: 1 << 20)
      let name = request.headers[HeaderName("Made-Up-Name")] ?? "body.png"
      let file = try SpoolFile.write(bytes, fieldName: "body", fileName: name, in: parts.spool)
      source = .file(.init(path: file.path, name: file.fileName, size: file.size, contentType: nil, keeper: file))
    }
    let input = try await parts.jobs.intake.add(source, to: row, mostBytes: 1 << 20, by: Submitter(holder))
    return .text(.ok, "\(input)")
  }

  private func start(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    try await parts.jobs.intake.start(row(request), by: Submitter(holder))
    return .text(.ok, "started")
  }

  private func cancel(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let isCanceled = try await parts.jobs.lifecycle.cancel(holder.workspace.id, row: row(request))
    guard isCanceled else { throw Refusal.jobHasEnded }
    return .text(.ok, "canceled")
  }

  private func row(_ request: Request) throws -> Int64 {
    let id = (request.parameters["id"] ?? "").dropFirst(MadeUp.prefix.count)
    guard let row = parts.jobs.store.identifiers.row(.request, id) else { throw Refusal.unknownJob }
    return row
  }
}
