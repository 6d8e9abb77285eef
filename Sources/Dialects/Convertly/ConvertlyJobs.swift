import Basics
import Engine
import HTTP
import Storage

/// Jobs that a client asks about, or is told of.
struct ConvertlyJobs: Sendable {
  private static let route = "POST /api/jobs"
  private static let usualLimit = 20

  let parts: DialectParts
  let answers: ConvertlyAnswers

  var routes: [DialectRoute] {
    [
      DialectRoute(
        .post, "/api/jobs", .submit, needing: [], bodyLimit: parts.maxUpload, admission: parts.admission, create),
      DialectRoute(.get, "/api/jobs", .read, needing: [], list),
      DialectRoute(.get, "/api/jobs/{job}", .read, needing: []) { holder, request in
        .convertly(.ok, answers.documents(holder, request).job(try job(holder, request)))
      },
      DialectRoute(.delete, "/api/jobs/{job}", .submit, needing: [], cancel),
    ]
  }

  private func job(_ holder: KeyHolder, _ request: Request) throws -> WholeJob {
    let name = request.parameters["job"]
    guard let row = ConvertlyNames.row(.request, name, parts.jobs.store.identifiers) else { throw Refusal.unknownJob }
    return try answers.own(holder.workspace, row: row)
  }

  @Sendable private func create(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    try parts.jobs.intake.requireRoom()
    let form = try await parts.form(request, of: holder)
    let requests = ConvertlyRequests(parts: parts, route: ConvertlyJobs.route, holder: holder, request: request)
    let submission = try await parts.jobs.blocking.run {
      var fields = ConvertlyFields(form.fields)
      let type = fields.word("jobType", of: ["convert", "compress"])
      try fields.check()
      return try type == "compress" ? requests.compression(form) : requests.conversion(form)
    }
    return try answers.accepted(try await answers.submit(submission, by: holder), holder, request)
  }

  @Sendable private func list(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    var fields = ConvertlyFields(
      ["limit", "offset", "status"].compactMap { name in request.queryValue(name).map { (name, $0) } })
    let limit = fields.whole("limit", 1...100) ?? ConvertlyJobs.usualLimit
    let offset = fields.whole("offset", 0...1_000_000_000) ?? 0
    let state = fields.word("status", of: ConvertlyDocuments.states.map(\.word))
    try fields.check()
    let statuses = ConvertlyDocuments.states.first { $0.word == state }?.statuses ?? JobStatus.allCases
    let (jobs, count) = try await parts.jobs.blocking.run { [desk = parts.jobs.desk] in
      try desk.page(
        holder.workspace, dialect: Convertly.name, in: statuses, skipping: offset, limit: limit)
    }
    let documents = answers.documents(holder, request)
    return .convertly(
      .ok,
      .object([
        ("jobs", .array(jobs.map(documents.job))),
        ("pagination", ConvertlyStore.pagination(limit, offset, of: count, shown: jobs.count)),
      ]))
  }

  /// "Processing, completed, and failed jobs cannot be cancelled".
  @Sendable private func cancel(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let job = try job(holder, request)
    guard try await parts.jobs.lifecycle.cancel(holder.workspace.id, row: job.job.id, onlyWaiting: true) else {
      let state = ConvertlyDocuments.state(try answers.own(holder.workspace, row: job.job.id).job.status)
      throw Refusal("job_not_pending", 409, "Only a pending job can be canceled, and this one is \(state).")
    }
    return .convertly(
      .ok,
      .object([
        ("success", .boolean(true)), ("message", .string("The job was canceled.")),
        ("jobId", .string(answers.documents(holder, request).name(of: job.job))),
      ]))
  }
}
