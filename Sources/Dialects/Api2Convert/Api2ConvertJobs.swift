import Basics
import Engine
import HTTP
import Storage

/// Jobs as a whole: taken at once, or created, filled and started.
struct Api2ConvertJobs: Sendable {
  /// "50 per page".
  static let pageSize = 50

  let parts: DialectParts

  /// "The payload is not signed", unless the operator wishes it.
  private var isSigned: Bool { parts.signedCallbacks.contains(Api2Convert.name) }

  var requests: Api2ConvertRequests { Api2ConvertRequests(parts: parts) }

  var routes: [DialectRoute] {
    let needs = Api2Convert.needs
    let limit = Int64(Api2ConvertRequests.largestDocument)
    return [
      DialectRoute(.get, "/v2/jobs", .read, needing: needs, list),
      DialectRoute(
        .post, "/v2/jobs", .submit, needing: needs, bodyLimit: limit, admission: parts.admission, create),
      DialectRoute(.get, "/v2/jobs/{id}", .read, needing: needs, takesJobToken: true, show),
      DialectRoute(.patch, "/v2/jobs/{id}", .submit, needing: needs, takesJobToken: true, bodyLimit: limit, change),
      DialectRoute(.delete, "/v2/jobs/{id}", .submit, needing: needs, takesJobToken: true, remove),
      DialectRoute(.get, "/v2/jobs/{id}/threads", .read, needing: needs, takesJobToken: true) { holder, request in
        let job = try job(holder, request)
        return .api2convert(.ok, .array(documents(request).threads(job)))
      },
      DialectRoute(.get, "/v2/jobs/{id}/history", .read, needing: needs, takesJobToken: true) { holder, request in
        let job = try job(holder, request)
        return .api2convert(.ok, .array(documents(request).history(job)))
      },
    ]
  }

  func documents(_ request: Request) -> Api2ConvertDocuments {
    Api2ConvertDocuments(identifiers: parts.jobs.store.identifiers) { parts.address.link($0, for: request) }
  }

  /// The job of a request; one that came by another API is none here.
  func job(_ holder: KeyHolder, _ request: Request) throws -> WholeJob {
    let id = request.parameters["id"] ?? ""
    guard let row = RowUUID.row(.request, id, parts.jobs.store.identifiers) else { throw Refusal.unknownJob }
    return try job(holder, row: row)
  }

  func job(_ holder: KeyHolder, row: Int64) throws -> WholeJob {
    let job = try parts.jobs.desk.whole(holder.workspace, row: row)
    guard job.job.dialect == Api2Convert.name else { throw Refusal.unknownJob }
    return job
  }

  func answer(_ status: Status, _ holder: KeyHolder, row: Int64, _ request: Request) throws -> Response {
    .api2convert(status, documents(request).job(try job(holder, row: row)))
  }

  @Sendable private func create(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    try parts.jobs.intake.requireRoom()
    let document = try await requests.object(request)
    let submission = try await submission(document, holder, request)
    let intake = parts.jobs.intake
    let receipt =
      submission.starts
      ? try await intake.submit(submission, by: holder) : try await intake.create(submission, by: holder)
    return try answer(.created, holder, row: receipt.jobID, request)
  }

  private func submission(
    _ document: JSONValue, _ holder: KeyHolder, _ request: Request
  ) async throws -> Submission {
    let wish = try requests.job(document)
    var wrong = WrongFields()
    let conversions = (wish.conversions ?? []).enumerated().map { number, value in
      requests.conversion(value, at: "conversion[\(number)]", takesTargets: true, &wrong)
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    guard (wish.inputs ?? []).count <= Intake.mostFiles else {
      throw Refusal.invalidFields.naming([.init(.files, Intake.tooMany((wish.inputs ?? []).count))])
    }
    var inputs: [Api2ConvertInputs.Read] = []
    for (number, value) in (wish.inputs ?? []).enumerated() {
      inputs.append(try await Api2ConvertInputs(parts: parts).read(value, at: "input[\(number)]", holder))
    }
    let starts = (wish.process ?? true) && !inputs.isEmpty && !conversions.isEmpty
    let more = inputs.reduce(into: [:]) { $0.merge($1.options) { first, _ in first } }
    let plan = try Api2ConvertRequests.plan(conversions, from: starts ? inputs.first?.format : nil, more)
    if starts && !plan.isDone { throw Api2ConvertJobs.formatNeeded }
    var data = Api2ConvertData()
    data.starts = wish.process ?? true
    data.limits = wish.limits ?? data.limits
    for conversion in conversions { data.add(Api2ConvertRequests.shown(conversion)) }
    data.inputs = inputs.enumerated().map { ("\($0)", $1.said) }
    var submission = Submission(
      dialect: Api2Convert.name, fields: [("body", document.text)], route: "POST /v2/jobs", conversionType: nil,
      from: nil, to: nil, sources: inputs.map(\.source), mostBytes: parts.largestFile(holder),
      idempotencyKey: request.headers[.idempotencyKey], webhookURL: wish.callback.flatMap { $0.isEmpty ? nil : $0 })
    submission.tasks = plan.tasks
    if let number = inputs.firstIndex(where: { $0.password != nil }), let password = inputs[number].password {
      submission.secrets = [
        try Api2ConvertInputs(parts: parts).secret(
          password, at: "input[\(number)]", for: conversions.isEmpty ? nil : plan)
      ]
    }
    if plan.isStamp && starts { submission.overlay = try overlay(&submission.sources) }
    submission.starts = starts
    submission.signsWithKey = isSigned
    submission.tellsEveryChange = wish.notifies ?? false
    submission.downloadPasswords = (wish.passwords ?? []) + plan.passwords
    submission.dialectData = data.text
    submission.targets = conversions.enumerated().flatMap { number, conversion in
      conversion.targets.map { OutputTarget(.open($0.place, $0.credentials), task: number) }
    }
    submission.extras = extras([], wish, plan)
    return submission
  }

  /// The picture of a stamp comes last.
  private func overlay(_ sources: inout [Submission.Source]) throws -> Submission.Source? {
    guard sources.count > 1 else { throw Api2ConvertJobs.stampNeeded }
    return sources.removeLast()
  }

  private static let stampNeeded = Refusal.invalidFields.naming([
    .init(.overlay, "needs a document and, after it, the picture to put onto it")
  ])
  private static let formatNeeded = Refusal.invalidFields.naming([
    .init(.target, "depends on the format of the first input, which its name does not tell: give it a filename")
  ])

  private func extras(
    _ extras: JobExtras, _ wish: Api2ConvertRequests.Job, _ plan: Api2ConvertRequests.Plan
  ) -> JobExtras {
    var extras = extras
    func set(_ extra: JobExtras, _ isSet: Bool?) {
      if let isSet { if isSet { extras.insert(extra) } else { extras.remove(extra) } }
    }
    set(.forgivesInputs, wish.failsOnInput.map(!))
    set(.forgivesTasks, wish.failsOnConversion.map(!))
    set(.packsParts, plan.packsParts)
    return extras
  }

  @Sendable private func show(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    .api2convert(.ok, documents(request).job(try job(holder, request)))
  }

  @Sendable private func list(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let wanted = request.queryValue("status").flatMap { $0.isEmpty ? nil : $0 }
    let known = Api2ConvertDocuments.statuses.map(\.0)
    if let wanted, !known.contains(wanted) {
      throw Refusal.invalidFields.naming([
        .init("status", "\"\(wanted)\" is not known; valid: \(known.joined(separator: ", "))")
      ])
    }
    let skipped = try (Api2ConvertJobs.page(request) - 1) * Api2ConvertJobs.pageSize
    let documents = documents(request)
    let (jobs, count) = try await parts.jobs.blocking.run { [desk = parts.jobs.desk] in
      try Api2ConvertJobs.find(wanted, of: holder.workspace, skipping: skipped, desk)
    }
    let response: Response =
      jobs.isEmpty ? Response(.noContent) : .api2convert(.ok, .array(jobs.map(documents.job)))
    return response.with(HeaderName("X-Count"), String(count))
  }

  /// A page of the jobs that are shown with a code, or of all, and how many there are; blocks.
  private static func find(
    _ code: String?, of workspace: Workspace, skipping skipped: Int, _ desk: JobDesk
  ) throws -> (jobs: [WholeJob], count: Int) {
    if let code, ["incomplete", "ready", "downloading"].contains(code) {
      let statuses: [JobStatus] = code == "downloading" ? [.incomplete, .downloading] : [.incomplete]
      return try desk.page(
        workspace, dialect: Api2Convert.name, waitingIn: statuses, skipping: skipped, limit: pageSize
      ) { Api2ConvertDocuments.code($0.job, $0.inputs, Api2ConvertData($0.dialectData)) == code }
    }
    let statuses: [JobStatus] =
      switch code {
      case nil: JobStatus.allCases
      case "processing": [.pending, .processing]
      case let word?: [JobStatus(rawValue: word)].compactMap { $0 }
      }
    return try desk.page(
      workspace, dialect: Api2Convert.name, in: statuses, notStarted: code.map { $0 == "failed" }, skipping: skipped,
      limit: pageSize)
  }

  /// From 1.
  static func page(_ request: Request) throws -> Int {
    guard let text = request.queryValue("page") else { return 1 }
    guard let page = Int(text), (1...1_000_000).contains(page) else {
      throw Refusal.invalidFields.naming([.init("page", "must be a whole number from 1")])
    }
    return page
  }

  @Sendable private func change(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let row = try job(holder, request).job.id
    let document = try await requests.object(request)
    let wish = try requests.job(document)
    var wrong = WrongFields()
    let conversions = wish.conversions.map { list in
      list.enumerated().map { requests.conversion($1, at: "conversion[\($0)]", &wrong) }
    }
    if wish.inputs != nil { wrong.append("input", "is changed at /v2/jobs/ID/input") }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    let starts = wish.process ?? false
    let edit: Intake.Change = { changed in
      changed.signsWithKey = isSigned
      var data = Api2ConvertData(changed.draft.dialectData)
      data.starts = wish.process ?? data.starts
      data.limits = wish.limits ?? data.limits
      if let callback = wish.callback { changed.draft.webhookURL = callback.isEmpty ? nil : callback }
      changed.draft.tellsEveryChange = wish.notifies ?? changed.draft.tellsEveryChange
      // Answers show none, so that an empty list is what a client sends back.
      if let passwords = wish.passwords, !passwords.isEmpty {
        changed.downloadPasswords += passwords
        changed.replacesDownloadPasswords = true
      }
      if let conversions { try Api2ConvertJobs.set(conversions, &data, &changed) }
      changed.draft.extras = extras(
        changed.draft.extras, wish, try Api2ConvertRequests.plan(data.conversions, from: ""))
      if starts { try Api2ConvertJobs.settle(&data, &changed, isNew: conversions != nil) }
      changed.draft.dialectData = data.text
    }
    if starts {
      try await parts.jobs.intake.start(row, by: Submitter(holder), edit)
    } else {
      try await parts.jobs.intake.change(row, by: Submitter(holder), edit)
    }
    return try answer(.ok, holder, row: row, request)
  }

  /// Puts conversions in the place of those that a job has.
  static func set(
    _ conversions: [Api2ConvertData.Conversion], _ data: inout Api2ConvertData, _ changed: inout Intake.Changed
  ) throws {
    data.conversions = []
    changed.places = [:]
    for conversion in conversions { data.add(Api2ConvertRequests.shown(conversion)) }
    try plan(conversions, data, &changed)
  }

  /// Makes the tasks of a job what its conversions say; `conversions` have what nobody may see again, too.
  @discardableResult
  static func plan(
    _ conversions: [Api2ConvertData.Conversion], _ data: Api2ConvertData, _ changed: inout Intake.Changed
  ) throws -> Api2ConvertRequests.Plan {
    let draft = changed.draft
    let source = draft.inputs.first { $0.status != .failed }.flatMap { Api2ConvertTargets.format($0, of: draft.job) }
    let plan = try Api2ConvertRequests.plan(conversions, from: source, Api2ConvertInputs.options(data.inputs))
    changed.tasks = plan.tasks
    changed.downloadPasswords += plan.passwords
    return plan
  }

  /// Makes the tasks of a job that is to be started final.
  static func settle(_ data: inout Api2ConvertData, _ changed: inout Intake.Changed, isNew: Bool = false) throws {
    data.starts = true
    guard !data.conversions.isEmpty else {
      throw Refusal.invalidFields.naming([.init("conversion", "at least one conversion is required")])
    }
    let inputs = changed.draft.inputs.filter { $0.status != .failed && $0.role == .source }
    let source = inputs.first.flatMap { Api2ConvertTargets.format($0, of: changed.draft.job) }
    let plan = try Api2ConvertRequests.plan(data.conversions, from: source, Api2ConvertInputs.options(data.inputs))
    if !plan.isDone && !inputs.isEmpty { throw formatNeeded }
    if plan.isDone && !isNew { changed.tasks = plan.tasks }
    guard plan.isStamp else { return }
    guard inputs.count > 1, let last = inputs.last else { throw stampNeeded }
    changed.overlay = last.id
  }

  /// Starts a job that is to be started as soon as it has what it needs, if it has.
  func startIfReady(_ holder: KeyHolder, row: Int64) async throws {
    let job = try job(holder, row: row)
    let data = Api2ConvertData(job.dialectData)
    guard data.starts, !data.conversions.isEmpty, !job.inputs.isEmpty else { return }
    do {
      try await parts.jobs.intake.start(row, by: Submitter(holder)) { changed in
        var data = Api2ConvertData(changed.draft.dialectData)
        try Api2ConvertJobs.settle(&data, &changed)
        changed.draft.dialectData = data.text
      }
    } catch let refusal as Refusal where refusal.status == 409 {
      // Somebody else has started it.
    }
  }

  /// What waits or runs is canceled; what has ended goes with its files.
  @Sendable private func remove(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let job = try job(holder, request)
    let lifecycle = parts.jobs.lifecycle
    if try await !lifecycle.cancel(holder.workspace.id, row: job.job.id) {
      try await lifecycle.delete(holder.workspace.id, row: job.job.id)
    }
    return Response(.noContent)
  }
}
