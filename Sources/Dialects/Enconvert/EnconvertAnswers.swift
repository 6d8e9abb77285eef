import Basics
import Engine
import HTTP
import Storage

/// Takes submissions under the names that clients give them, waits for their ends, and answers with what has come of them.
struct EnconvertAnswers: Sendable {
  /// What a name stands for, by its row.
  enum Subject {
    case job(Int64)
    case batch(Int64)
  }

  let parts: DialectParts
  let patience: Duration

  /// Throws the refusal of a name that is in use for a repetition too: whoever comes again asks for the state.
  func submit(_ submission: Submission, by holder: KeyHolder) async throws -> Intake.Receipt {
    let receipt: Intake.Receipt
    do {
      receipt = try await parts.jobs.intake.submit(submission, by: holder)
    } catch let refusal as Refusal where refusal.code == Refusal.idempotencyMismatch.code {
      throw EnconvertRefusals.nameInUse
    }
    guard !receipt.isReplay else { throw EnconvertRefusals.nameInUse }
    return receipt
  }

  /// The result of a job, as JSON or as it is.
  func wait(
    for row: Int64, wantsBytes: Bool, _ holder: KeyHolder, _ request: Request
  ) async throws -> Response {
    try await parts.jobs.waitForEnd(row: row, longest: patience)
    let view = try parts.jobs.desk.view(holder.workspace, row: row)
    switch view.job.status {
    case .incomplete, .downloading, .pending, .processing: return EnconvertRefusals.late(view)
    case .failed, .canceled: return EnconvertFailure(of: view.job).response
    case .completed: break
    }
    guard let file = view.outputs.first else { throw Refusal.unknownFile }
    var response =
      if wantsBytes {
        try EnconvertAnswers.bytes(
          of: file.output, parts.jobs.open(holder.workspace, file: file.identifier).descriptor, for: request)
      } else {
        Response.json(.ok, EnconvertDocuments.result(view, file) { parts.address.link($0, for: request) })
      }
    response.headers.set(HeaderName("X-Object-Key"), EnconvertNames.key(of: file, view.workspace))
    response.headers.set(HeaderName("X-File-Size"), String(file.size))
    response.headers.set(HeaderName("X-Conversion-Time"), EnconvertNames.seconds(view.job.run))
    response.headers.set(HeaderName("X-Filename"), PercentEncoding.segment(EnconvertNames.name(of: file.output)))
    return response
  }

  static func bytes(of output: Output, _ descriptor: Int32, for request: Request) throws -> Response {
    Response.file(
      try OpenFile(descriptor: descriptor), named: EnconvertNames.name(of: output), contentType: output.mediaType,
      etag: "\"\(Hexadecimal.encode(output.sha256.prefix(16)))\"", for: request
    )
    .with(.cacheControl, "private, no-store, no-transform")
    .with(.contentSecurityPolicy, "sandbox; default-src 'none'")
  }

  /// What a client's own name, or ours, stands for; throws `Refusal.unknownJob`.
  func subject(of name: String, _ workspace: Workspace) throws -> Subject {
    let identifiers = parts.jobs.store.identifiers
    if let row = identifiers.row(.request, name) { return .job(row) }
    if let row = identifiers.row(.batch, name) { return .batch(row) }
    let made = try parts.jobs.made(workspace, route: Enconvert.route, key: name)
    if let row = made?.job { return .job(row) }
    if let row = made?.batch { return .batch(row) }
    throw Refusal.unknownJob
  }

  /// A job that came by this API; any other is none of its own.
  func own(_ workspace: Workspace, _ row: Int64) throws -> JobView {
    let view = try parts.jobs.desk.view(workspace, row: row)
    guard view.job.dialect == Enconvert.name else { throw Refusal.unknownJob }
    return view
  }

  func ownBatch(_ workspace: Workspace, _ row: Int64) async throws -> BatchView {
    var query = BatchDesk.Query()
    query.limit = Intake.mostFiles
    let view = try await parts.jobs.batches.view(workspace, row: row, query)
    guard view.batch.dialect == Enconvert.name else { throw Refusal.unknownBatch }
    return view
  }
}
