import Basics
import Engine
import HTTP
import Storage

/// Takes submissions, waits for their ends where a client does, and answers with what has come of them.
struct ConvertlyAnswers: Sendable {
  let parts: DialectParts
  let patience: Duration

  func documents(_ holder: KeyHolder, _ request: Request) -> ConvertlyDocuments {
    ConvertlyDocuments(
      identifiers: parts.jobs.store.identifiers,
      stored: { job in
        guard ConvertlyJobData(job.dialectData).saves,
          let (files, wish) = try? parts.jobs.files.stored(holder.workspace, job: job.job.id)
        else { return ([:], nil) }
        let rows = files.compactMap { view in view.file.outputID.map { ($0, view.file.id) } }
        return (Dictionary(rows) { first, _ in first }, wish?.notice)
      },
      usualQuality: { target in
        let formats = parts.jobs.formats
        guard formats.options(from: nil, to: target).contains("quality") else { return .null }
        return formats.options.first { $0["name"]?.string == "quality" }?["default"] ?? .null
      }, link: { parts.address.link($0, for: request) })
  }

  /// The row of the job that was made, or of the earlier one with the same key: "Convertly returns the existing job instead
  /// of creating duplicate work".
  func submit(_ submission: Submission, by holder: KeyHolder) async throws -> Int64 {
    do {
      return try await parts.jobs.intake.submit(submission, by: holder).jobID
    } catch let refusal as Refusal where refusal.code == Refusal.idempotencyMismatch.code {
      let made = try parts.jobs.made(holder.workspace, route: submission.route, key: submission.idempotencyKey ?? "")
      guard let row = made?.job else { throw refusal }
      return row
    }
  }

  /// A job that came by this API; any other is none of its own.
  func own(_ workspace: Workspace, row: Int64) throws -> WholeJob {
    let job = try parts.jobs.desk.whole(workspace, row: row)
    guard job.job.dialect == Convertly.name else { throw Refusal.unknownJob }
    return job
  }

  /// The job when it has been done; nil while it goes on and nobody waits any longer.
  ///
  /// Throws why it has failed.
  func end(of row: Int64, _ holder: KeyHolder) async throws -> WholeJob? {
    try await parts.jobs.waitForEnd(row: row, longest: patience)
    let job = try own(holder.workspace, row: row)
    switch job.job.status {
    case .incomplete, .downloading, .pending, .processing: return nil
    case .completed: return job
    case .failed, .canceled: throw ConvertlyAnswers.failure(of: job.job)
    }
  }

  /// The result in the answer.
  func wait(for row: Int64, _ holder: KeyHolder, _ request: Request) async throws -> Response {
    guard let job = try await end(of: row, holder) else { return late(row, request) }
    return .convertly(.ok, documents(holder, request).result(job))
  }

  /// "{jobId, status: pending}", as it is by now.
  func accepted(_ row: Int64, tool: String? = nil, _ holder: KeyHolder, _ request: Request) throws -> Response {
    let job = try own(holder.workspace, row: row)
    var members: [(name: String, value: JSONValue)] = [
      ("jobId", .string(documents(holder, request).name(of: job.job))),
      ("status", .string(ConvertlyDocuments.state(job.job.status))),
    ]
    if let tool { members.append(("tool", .string(tool))) }
    return .convertly(.accepted, .object(members))
  }

  /// 504 while the job goes on, which the client may ask about.
  func late(_ row: Int64, _ request: Request) -> Response {
    let name = ConvertlyNames.text(.request, row, parts.jobs.store.identifiers)
    return .convertly(
      Status(refusal: 504),
      .object([
        (
          "error",
          .string("This takes longer than a client can be kept waiting; ask GET /api/jobs/\(name) for its end.")
        ),
        ("code", .string("still_processing")), ("jobId", .string(name)), ("status", .string("processing")),
      ]))
  }

  /// What a file has done wrong is 400, what is missing here 403, and our own fault 500.
  static func failure(of job: Job) -> Refusal {
    let words = job.errorMessage ?? (job.status == .canceled ? "the job was canceled" : "the conversion failed")
    // What the file does not have is a wrong wish, and nothing that this server lacks.
    let code = job.errorCode == Refusal.unsupportedConversion.code ? "conversion_failed" : job.errorCode
    return Refusal(
      code ?? "conversion_failed", job.errorCode == "internal_error" ? 500 : 400,
      words.prefix(1).uppercased() + words.dropFirst() + (words.hasSuffix(".") ? "" : "."))
  }
}

extension Response {
  static func convertly(_ status: Status, _ document: JSONValue) -> Response {
    .json(status, Array(document.text.utf8)).with(.cacheControl, "no-store")
  }
}
