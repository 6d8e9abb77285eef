import Basics
import Engine
import HTTP
import Storage

/// Workflows: steps under a name, kept as presets, and their runs, which are jobs.
struct ConvertlyWorkflows: Sendable {
  private static let largest = 256 << 10
  /// Runs that are shown of one, and how many jobs are looked at for them.
  private static let mostRuns = 50
  private static let mostLookedAt = 500
  private static let unknown = Refusal("workflow_not_found", 404, "There is no such workflow in this workspace.")

  let parts: DialectParts
  let answers: ConvertlyAnswers

  var routes: [DialectRoute] {
    let document = Int64(ConvertlyWorkflows.largest)
    let path = "/api/workflows/{id}"
    return [
      DialectRoute(.get, "/api/workflows", .read, needing: [], list),
      DialectRoute(.post, "/api/workflows", .submit, needing: [], bodyLimit: document, save),
      DialectRoute(.get, path, .read, needing: [], show),
      DialectRoute(.put, path, .submit, needing: [], bodyLimit: document, change),
      DialectRoute(.patch, path, .submit, needing: [], bodyLimit: document, change),
      DialectRoute(.delete, path, .submit, needing: [], remove),
      DialectRoute(.get, path + "/run", .read, needing: [], runs),
      DialectRoute(
        .post, path + "/run", .submit, needing: [], bodyLimit: parts.maxUpload, admission: parts.admission, run),
    ]
  }

  private var identifiers: PublicIdentifiers { parts.jobs.store.identifiers }

  private func name(_ preset: Preset) -> String { ConvertlyNames.text(.preset, preset.id, identifiers) }

  private func find(_ holder: KeyHolder, _ id: String?) throws -> (preset: Preset, workflow: ConvertlyWorkflow) {
    guard let row = ConvertlyNames.row(.preset, id, identifiers),
      let preset = try? parts.jobs.presets.find(holder.workspace.id, row: row),
      let workflow = ConvertlyWorkflow(preset)
    else { throw ConvertlyWorkflows.unknown }
    return (preset, workflow)
  }

  private func document(_ preset: Preset, _ workflow: ConvertlyWorkflow) -> JSONValue {
    .object([
      ("id", .string(name(preset))), ("name", .string(workflow.name)),
      ("description", workflow.about.map(JSONValue.string) ?? .null), ("isActive", .boolean(workflow.isActive)),
      ("steps", .array(workflow.said)), ("definition", .object([("steps", .array(workflow.said))])),
      ("preset", .string(preset.name)), ("createdAt", .string("\(preset.createdAt)")),
      ("updatedAt", .string(workflow.changedAt ?? "\(preset.createdAt)")),
    ])
  }

  @Sendable private func list(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let presets = try await parts.jobs.blocking.run { [desk = parts.jobs.presets] in try desk.all(holder.workspace.id) }
    let rows = presets.sorted { $0.id > $1.id }.compactMap { preset in
      ConvertlyWorkflow(preset).map { document(preset, $0) }
    }
    return .convertly(.ok, .object([("workflows", .array(rows))]))
  }

  @Sendable private func show(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let (preset, workflow) = try find(holder, request.parameters["id"])
    return .convertly(.ok, .object([("workflow", document(preset, workflow))]))
  }

  /// "Create a new workflow (no id) or replace an existing one (id set)".
  @Sendable private func save(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    var body = try await body(request)
    let earlier = try body.text("id").map { try find(holder, $0) }
    return try await save(body, earlier, holder)
  }

  @Sendable private func change(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let earlier = try find(holder, request.parameters["id"])
    return try await save(try await body(request), earlier, holder)
  }

  @Sendable private func remove(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let (preset, _) = try find(holder, request.parameters["id"])
    try await parts.jobs.presets.delete(holder.workspace.id, name: preset.name)
    return .convertly(
      .ok, .object([("success", .boolean(true)), ("message", .string("The workflow was deleted."))]))
  }

  private func body(_ request: Request) async throws -> ConvertlyBody {
    let bytes = try await request.body.collect(atMost: ConvertlyWorkflows.largest)
    return try await ClientDocument.read(bytes, on: parts.jobs.blocking) { ConvertlyBody($0) }
  }

  /// What is not sent of a workflow that is there stays as it is.
  private func save(
    _ body: ConvertlyBody, _ earlier: (preset: Preset, workflow: ConvertlyWorkflow)?, _ holder: KeyHolder
  ) async throws -> Response {
    var body = body
    let said = body["steps"]?.array ?? body["definition"]?["steps"]?.array
    var workflow = ConvertlyWorkflow(
      name: body.text("name") ?? earlier?.workflow.name ?? "", about: body.text("description"),
      said: said ?? earlier?.workflow.said ?? [])
    if !body.has("description") { workflow.about = earlier?.workflow.about }
    workflow.isActive = body.flag("isActive") ?? earlier?.workflow.isActive ?? true
    workflow.changedAt = "\(parts.jobs.now)"
    if workflow.name.isEmpty { body.wrong.append("name", "is required") }
    if workflow.name.utf8.count > 200 { body.wrong.append("name", "is longer than 200 bytes") }
    if said == nil && earlier == nil { body.wrong.append("steps", "is required, an array of steps") }
    try body.check()
    let steps = try workflow.steps(identifiers).steps
    let preset = try await parts.jobs.presets.set(
      holder.workspace.id, name: earlier?.preset.name ?? freeName(workflow.name, holder), steps: steps,
      dialectData: workflow.text
    ).preset
    return .convertly(earlier == nil ? .created : .ok, .object([("workflow", document(preset, workflow))]))
  }

  /// A name by which jobs of the house's API can give the workflow as a preset.
  private func freeName(_ name: String, _ holder: KeyHolder) throws -> String {
    let taken = Set(try parts.jobs.presets.all(holder.workspace.id).map(\.name))
    let words = name.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
    let base = words.isEmpty ? "workflow" : String(words.joined(separator: "-").prefix(50))
    var number = 1
    while taken.contains(number == 1 ? base : "\(base)-\(number)") { number += 1 }
    return number == 1 ? base : "\(base)-\(number)"
  }

  @Sendable private func run(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    try parts.jobs.intake.requireRoom()
    let (preset, workflow) = try find(holder, request.parameters["id"])
    guard workflow.isActive else {
      throw Refusal("workflow_paused", 409, "This workflow is paused; set isActive to true to run it.")
    }
    let (steps, ending) = try workflow.steps(identifiers)
    let isJSON = (request.headers[.contentType] ?? "").lowercased().hasPrefix("application/json")
    let form = isJSON ? nil : try await parts.form(request, of: holder)
    let body = isJSON ? try await self.body(request) : nil
    let requests = ConvertlyRequests(
      parts: parts, route: "POST /api/workflows/\(name(preset))/run", holder: holder, request: request)
    let submission = try await parts.jobs.blocking.run {
      var fields = ConvertlyFields(form?.fields ?? [("sourceUrl", body?["sourceUrl"]?.string ?? "")])
      let inputs = try inputs(form, body, &fields, requests)
      var data = ConvertlyJobData(.convert)
      data.workflow = name(preset)
      var submission = try requests.submission(data, &fields, inputs, [])
      submission = try parts.jobs.intake.following(fitting(steps, inputs), submission)
      submission.storing = ending.storing ?? submission.storing
      if let address = ending.address { (submission.webhookURL, submission.webhookSecret) = (address, ending.secret) }
      return submission
    }
    let row = try await answers.submit(submission, by: holder)
    let job = try answers.own(holder.workspace, row: row)
    return .convertly(.accepted, record(job, of: name(preset), isAnswer: true))
  }

  /// The files of a form, stored ones by `fileIds` of a document, or the one at `sourceUrl`.
  private func inputs(
    _ form: UploadForm?, _ body: ConvertlyBody?, _ fields: inout ConvertlyFields,
    _ requests: ConvertlyRequests
  ) throws -> [ConvertlyInput] {
    var body = body
    let names = body?.texts("fileIds", most: 1000) ?? body?.text("fileId").map { [$0] } ?? []
    try body?.check()
    guard names.isEmpty else {
      return try names.map { text in
        guard let row = ConvertlyNames.row(.storedFile, text, identifiers) else { throw Refusal.unknownStoredFile }
        let file = try parts.jobs.files.view(requests.holder.workspace, row: row).file
        let ending = FileNames.split(file.name).ending.dropFirst()
        let format = parts.jobs.formats.category(of: String(ending))
        return ConvertlyInput(source: .stored(row, name: file.name), format: format?.name, kind: format?.category)
      }
    }
    let files = form.map { ConvertlyInput.files($0, named: "files", &fields) } ?? []
    if form == nil && fields.text("sourceUrl") == nil { fields.wrong.append("fileIds", "or sourceUrl is required") }
    try fields.check()
    return try ConvertlyInput.all(files, to: files.map { _ in nil }, &fields, requests)
  }

  /// The steps with the formats that they have with these files, without what those do not understand.
  private func fitting(_ steps: [PresetStep], _ inputs: [ConvertlyInput]) throws -> [PresetStep] {
    let formats = Set(inputs.map { $0.format ?? $0.said })
    var known = formats.count == 1 ? formats.first ?? nil : nil
    return steps.map { step in
      var step = step
      step.target = step.target ?? known
      if let to = step.target {
        let understood = parts.jobs.formats.options(from: known, to: to)
        step.options = step.options.filter { understood.contains($0.key) }
      }
      known = step.target
      return step
    }
  }

  @Sendable private func runs(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let id = name(try find(holder, request.parameters["id"]).preset)
    let jobs = try await parts.jobs.blocking.run { [desk = parts.jobs.desk] in
      try desk.page(
        holder.workspace, dialect: Convertly.name, in: JobStatus.allCases, skipping: 0,
        limit: ConvertlyWorkflows.mostLookedAt
      ).jobs
    }
    let own = jobs.filter { ConvertlyJobData($0.dialectData).workflow == id }.prefix(ConvertlyWorkflows.mostRuns)
    return .convertly(.ok, .object([("runs", .array(own.map { record($0, of: id) }))]))
  }

  /// A run is its job, by whose name the client asks for it.
  private func record(_ job: WholeJob, of workflow: String, isAnswer: Bool = false) -> JSONValue {
    let name = ConvertlyNames.text(.request, job.job.id, identifiers)
    let members: [(name: String, value: JSONValue)] = [
      ("id", .string(name)), ("runId", .string(name)), ("jobId", .string(name)), ("workflowId", .string(workflow)),
      ("status", .string(ConvertlyDocuments.state(job.job.status))),
      ("createdAt", .string("\(job.job.createdAt)")),
      ("completedAt", job.job.finishedAt.map { .string("\($0)") } ?? .null),
      ("errorMessage", job.job.errorMessage.map(JSONValue.string) ?? .null),
    ]
    return .object(isAnswer ? members + [("run", .object(members))] : members)
  }
}
