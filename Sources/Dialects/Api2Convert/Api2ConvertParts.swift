import Basics
import Engine
import HTTP
import Storage

/// What a job consists of: its inputs, its conversions and its outputs.
struct Api2ConvertParts: Sendable {
  let parts: DialectParts

  private var jobs: Api2ConvertJobs { Api2ConvertJobs(parts: parts) }
  private var requests: Api2ConvertRequests { Api2ConvertRequests(parts: parts) }
  private var identifiers: PublicIdentifiers { parts.jobs.store.identifiers }

  private static let inputs = "/v2/jobs/{id}/input"
  private static let conversions = "/v2/jobs/{id}/conversions"
  private static let outputs = "/v2/jobs/{id}/output"

  var routes: [DialectRoute] {
    func row(
      _ method: Method, _ path: String, _ handler: @escaping DialectRoute.KeyHandler
    ) -> DialectRoute {
      DialectRoute(
        method, path, method == .get ? .read : .submit, needing: Api2Convert.needs, takesJobToken: true,
        bodyLimit: Int64(Api2ConvertRequests.largestDocument), handler)
    }
    return [
      DialectRoute(
        .post, "/upload-file/{id}", .submit, needing: Api2Convert.needs, takesJobToken: true,
        bodyLimit: parts.maxUpload, admission: parts.admission, upload),
      row(.get, Api2ConvertParts.inputs, showInputs), row(.post, Api2ConvertParts.inputs, addInputs),
      row(.patch, Api2ConvertParts.inputs, changeInputs), row(.get, Api2ConvertParts.inputs + "/{part}", showInputs),
      row(.patch, Api2ConvertParts.inputs + "/{part}", changeInputs),
      row(.delete, Api2ConvertParts.inputs + "/{part}", removeInput),
      row(.get, Api2ConvertParts.conversions, showConversions),
      row(.post, Api2ConvertParts.conversions, addConversions),
      row(.get, Api2ConvertParts.conversions + "/{part}", showConversions),
      row(.patch, Api2ConvertParts.conversions + "/{part}", changeConversion),
      row(.delete, Api2ConvertParts.conversions + "/{part}", removeConversion),
      row(.get, Api2ConvertParts.outputs, showOutputs), row(.patch, Api2ConvertParts.outputs, changeOutputs),
      row(.get, Api2ConvertParts.outputs + "/{part}", showOutputs),
      row(.patch, Api2ConvertParts.outputs + "/{part}", changeOutputs),
      row(.delete, Api2ConvertParts.outputs + "/{part}", removeOutput),
    ]
  }

  /// All of them, or the one that the request names; throws `Refusal.unknownFile`.
  private func answer(_ all: [JSONValue], _ request: Request, _ status: Status = .ok) throws -> Response {
    guard let part = request.parameters["part"]?.lowercased() else { return .api2convert(status, .array(all)) }
    guard let one = all.first(where: { $0["id"]?.string == part }) else { throw Refusal.unknownFile }
    return .api2convert(status, one)
  }

  @Sendable private func showInputs(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    try answer(jobs.documents(request).inputs(jobs.job(holder, request)), request)
  }

  /// One file, as the SDKs send it, with the job's token or the key.
  @Sendable private func upload(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let row = try jobs.job(holder, request).job.id
    try parts.jobs.intake.requireRoom()
    let form = try await parts.upload(request, of: holder)
    guard form.files.count == 1, let file = form.files.first else {
      throw Refusal.invalidFields.naming([.init("file", "must be one file, not \(form.files.count)")])
    }
    guard file.size > 0 else { throw Refusal.invalidFields.naming([.init("file", "is empty")]) }
    let input = try await add(Api2ConvertInputs.Read(source: file.source(), said: .null), to: row, holder)
    try await jobs.startIfReady(holder, row: row)
    return try show(input, row, holder, request, .ok)
  }

  @Sendable private func addInputs(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let row = try jobs.job(holder, request).job.id
    try parts.jobs.intake.requireRoom()
    let (items, isArray) = try await requests.list(request)
    var inputs: [Api2ConvertInputs.Read] = []
    for (number, item) in items.enumerated() {
      let type = item["type"]?.string ?? ""
      // A token is good for its own job, and opens no other's files.
      if ["output", "input_id"].contains(type), Credentials.key(of: request) == nil { throw Refusal.keyNeeded }
      inputs.append(
        try await Api2ConvertInputs(parts: parts).read(item, at: isArray ? "[\(number)]" : "input", holder))
    }
    var rows: [Int64] = []
    for input in inputs { rows.append(try await add(input, to: row, holder)) }
    let opening = inputs.firstIndex { $0.password != nil }
    if opening != nil || inputs.contains(where: { !$0.options.isEmpty }) {
      let password = opening.flatMap { inputs[$0].password }
      try await ask(of: row, password, at: isArray ? "[\(opening ?? 0)]" : "input", holder)
    }
    try await jobs.startIfReady(holder, row: row)
    guard isArray else { return try show(rows[0], row, holder, request, .created) }
    let ids = rows.map { RowUUID.text(.input, $0, identifiers) }
    let all = try jobs.documents(request).inputs(jobs.job(holder, row: row))
    return .api2convert(.created, .array(all.filter { ids.contains($0["id"]?.string ?? "") }))
  }

  private func add(_ input: Api2ConvertInputs.Read, to row: Int64, _ holder: KeyHolder) async throws -> Int64 {
    try await parts.jobs.intake.add(
      input.source, to: row, mostBytes: parts.largestFile(holder), by: Submitter(holder)
    ) { text, id in
      guard input.said != .null else { return text }
      var data = Api2ConvertData(text)
      data.inputs.append(("#\(id)", input.said))
      return data.text
    }
  }

  /// Adds to the tasks of a job what its inputs ask of them, and keeps what opens these.
  private func ask(of row: Int64, _ password: String?, at place: String, _ holder: KeyHolder) async throws {
    let reader = Api2ConvertInputs(parts: parts)
    try await parts.jobs.intake.change(row, by: Submitter(holder)) { changed in
      let data = Api2ConvertData(changed.draft.dialectData)
      let plan = try Api2ConvertJobs.plan(data.conversions, data, &changed)
      guard let password else { return }
      changed.secrets = [try reader.secret(password, at: place, for: data.conversions.isEmpty ? nil : plan)]
    }
  }

  private func show(
    _ input: Int64, _ row: Int64, _ holder: KeyHolder, _ request: Request, _ status: Status
  ) throws -> Response {
    let id = RowUUID.text(.input, input, identifiers)
    let all = try jobs.documents(request).inputs(jobs.job(holder, row: row))
    guard let one = all.first(where: { $0["id"]?.string == id }) else { throw Refusal.unknownFile }
    return .api2convert(status, one)
  }

  /// What opens an input, for "only the decrypt_password credentials can be modified" ([oas]), and the order of all.
  @Sendable private func changeInputs(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let job = try jobs.job(holder, request)
    let shown = jobs.documents(request).inputs(job)
    _ = try answer(shown, request)
    let (items, _) = try await requests.list(request)
    let change = try Api2ConvertInputChange(items, of: request.parameters["part"]?.lowercased(), among: shown)
    if let password = change.password { try await ask(of: job.job.id, password, at: "", holder) }
    let identifiers = identifiers
    // What changes nothing is refused all the same when the job has started.
    try await parts.jobs.intake.change(job.job.id, by: Submitter(holder)) { changed in
      guard change.isOfOrder else { return }
      let sources = changed.draft.inputs.filter { $0.role == .source }
      var data = Api2ConvertData(changed.draft.dialectData)
      data.nameByRow(sources)
      changed.draft.dialectData = data.text
      changed.order = change.order(sources.map { ($0.id, RowUUID.text(.input, $0.id, identifiers)) })
    }
    return try await showInputs(holder, request)
  }

  @Sendable private func removeInput(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let job = try jobs.job(holder, request)
    guard let input = RowUUID.row(.input, request.parameters["part"] ?? "", identifiers),
      job.inputs.contains(where: { $0.input.id == input })
    else { throw Refusal.unknownFile }
    try await parts.jobs.intake.change(job.job.id, by: Submitter(holder)) { $0.removed = [input] }
    return Response(.noContent)
  }

  @Sendable private func showConversions(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    try answer(jobs.documents(request).conversions(jobs.job(holder, request)), request)
  }

  @Sendable private func addConversions(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let row = try jobs.job(holder, request).job.id
    let (items, isArray) = try await requests.list(request)
    var wrong = WrongFields()
    let new = items.enumerated().map { number, item in
      requests.conversion(item, at: isArray ? "[\(number)]" : "conversion", &wrong)
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    try await edit(row, holder) { data, changed in
      let all = data.conversions + new
      for conversion in new { data.add(Api2ConvertRequests.shown(conversion)) }
      try Api2ConvertJobs.plan(all, data, &changed)
    }
    try await jobs.startIfReady(holder, row: row)
    let all = try jobs.documents(request).conversions(jobs.job(holder, row: row))
    return .api2convert(.created, isArray ? .array(Array(all.suffix(new.count))) : all.last ?? .null)
  }

  @Sendable private func changeConversion(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let job = try jobs.job(holder, request)
    let number = try number(job, request)
    let document = try await requests.object(request)
    try await edit(job.job.id, holder) { data, changed in
      guard let index = data.conversions.firstIndex(where: { $0.number == number }) else { throw Refusal.unknownFile }
      var wrong = WrongFields()
      // What is not said stays.
      let before = data.conversions[index]
      let members: [(name: String, value: JSONValue)] =
        [
          ("target", .string(before.target)), ("category", before.category.map { .string($0) } ?? .null),
          ("options", .object(before.options)), ("metadata", before.metadata),
        ] + (document.members ?? [])
      var named: Set<String> = []
      let merged = JSONValue.object(members.reversed().filter { named.insert($0.name).inserted }.reversed())
      var conversion = requests.conversion(merged, at: "conversion", &wrong)
      guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
      conversion.number = number
      var all = data.conversions
      all[index] = conversion
      data.conversions[index] = Api2ConvertRequests.shown(conversion)
      try Api2ConvertJobs.plan(all, data, &changed)
    }
    return try await showConversions(holder, request)
  }

  @Sendable private func removeConversion(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let job = try jobs.job(holder, request)
    let number = try number(job, request)
    try await edit(job.job.id, holder) { data, changed in
      let before = data.conversions.map(\.number)
      data.conversions.removeAll { $0.number == number }
      // What no document shows of a conversion goes where it goes.
      changed.places = [:]
      for (position, conversion) in data.conversions.enumerated() {
        if let old = before.firstIndex(of: conversion.number) { changed.places?[old] = position }
      }
      try Api2ConvertJobs.plan(data.conversions, data, &changed)
    }
    return Response(.noContent)
  }

  private func edit(
    _ row: Int64, _ holder: KeyHolder,
    _ body: @escaping @Sendable (inout Api2ConvertData, inout Intake.Changed) throws -> Void
  ) async throws {
    try await parts.jobs.intake.change(row, by: Submitter(holder)) { changed in
      var data = Api2ConvertData(changed.draft.dialectData)
      try body(&data, &changed)
      let plan = try Api2ConvertRequests.plan(data.conversions, from: "")
      if plan.packsParts {
        changed.draft.extras.insert(.packsParts)
      } else {
        changed.draft.extras.remove(.packsParts)
      }
      changed.draft.dialectData = data.text
    }
  }

  /// The number of the conversion that a request names; throws `Refusal.unknownFile`.
  private func number(_ job: WholeJob, _ request: Request) throws -> Int {
    let part = request.parameters["part"]?.lowercased() ?? ""
    let found = Api2ConvertData(job.dialectData).conversions.first {
      Api2ConvertNames.conversion($0.number, of: job.job.id, identifiers) == part
    }
    guard let found else { throw Refusal.unknownFile }
    return found.number
  }

  @Sendable private func showOutputs(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let all = try jobs.documents(request).outputs(
      jobs.job(holder, request), of: request.queryValue("conversion_id"), from: request.queryValue("input_id"))
    return try answer(all, request)
  }

  /// `filename` without its ending, and `download_password`, of one or of all.
  @Sendable private func changeOutputs(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let job = try jobs.job(holder, request)
    _ = try answer(jobs.documents(request).outputs(job), request)
    let document = try await requests.object(request)
    var wrong = WrongFields()
    for (name, value) in document.members ?? [] where value != .null {
      if !["filename", "download_password"].contains(name) {
        wrong.append(name, "is not known; valid: filename, download_password")
      } else if value.string?.isEmpty ?? true {
        wrong.append(name, "must be a text")
      }
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    guard job.job.status == .completed else { throw Refusal.jobHasNotCompleted }
    let one = request.parameters["part"].flatMap { RowUUID.row(.file, $0, identifiers) }
    let outputs = job.outputs.filter { one == nil || $0.output.id == one }
    var names: [Int64: String] = [:]
    if let stem = document["filename"]?.string {
      let numbered = FileNames.numbered(outputs.map { stem + FileNames.split($0.name).ending })
      for (output, name) in zip(outputs, numbered) { names[output.output.id] = name }
    }
    try await parts.jobs.lifecycle.change(
      holder.workspace.id, job: job.job.id, names: names,
      downloadPasswords: [document["download_password"]?.string].compactMap { $0 })
    return try await showOutputs(holder, request)
  }

  @Sendable private func removeOutput(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let job = try jobs.job(holder, request)
    guard let output = RowUUID.row(.file, request.parameters["part"] ?? "", identifiers) else {
      throw Refusal.unknownFile
    }
    try await parts.jobs.lifecycle.delete(output: output, ofJob: job.job.id, in: holder.workspace.id)
    return Response(.noContent)
  }
}
