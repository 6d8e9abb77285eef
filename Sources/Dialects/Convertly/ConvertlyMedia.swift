import Basics
import Engine
import HTTP
import Storage

/// The tools: with the result in the answer, or as jobs.
struct ConvertlyMedia: Sendable {
  let parts: DialectParts
  let answers: ConvertlyAnswers

  var routes: [DialectRoute] {
    ConvertlyTool.all.map { tool in
      DialectRoute(
        .post, "/api/media/\(tool.name)", .submit, needing: [], bodyLimit: parts.maxUpload, admission: parts.admission
      ) { holder, request in try await run(tool, holder, request) }
    }
  }

  private func run(_ tool: ConvertlyTool, _ holder: KeyHolder, _ request: Request) async throws -> Response {
    let (row, isAsked) = try await take(tool, holder, request)
    if isAsked { return try answers.accepted(row, tool: tool.name, holder, request) }
    guard let job = try await answers.end(of: row, holder) else { return answers.late(row, request) }
    guard tool.name == "inspect" else { return .convertly(.ok, answers.documents(holder, request).result(job)) }
    let media = try await parts.jobs.blocking.run { try ConvertlyInspection(parts: parts).media(job) }
    return .convertly(.ok, answers.documents(holder, request).result(job, further: [("media", media)]))
  }

  /// The row of the job, and whether its answer is all that the client waits for.
  private func take(
    _ tool: ConvertlyTool, _ holder: KeyHolder, _ request: Request
  ) async throws -> (row: Int64, isAsync: Bool) {
    try parts.jobs.intake.requireRoom()
    let form = try await parts.form(request, of: holder)
    let requests = ConvertlyRequests(
      parts: parts, route: "POST /api/media/" + tool.name, holder: holder, request: request)
    let (submission, isAsync) = try await parts.jobs.blocking.run { try requests.toolRun(tool, form.fields, form) }
    return (try await answers.submit(submission, by: holder), isAsync)
  }
}

extension ConvertlyRequests {
  /// What a tool is asked for, and whether as a job of its own; blocks.
  func toolRun(
    _ tool: ConvertlyTool, _ all: FormFields, _ form: UploadForm = UploadForm(), overlay given: Submission.Source? = nil
  ) throws -> (Submission, isAsync: Bool) {
    var fields = ConvertlyFields(all)
    let overlays = tool.takesOverlay ? ["watermarkFile"] : []
    let files = ConvertlyInput.files(form, named: tool.gathers ? "files" : "file", others: overlays, &fields)
    if ConvertlyInput.count(files, &fields) > 1 && !tool.gathers { fields.wrong.append(.files, "must come once") }
    // "background: alias for async=true".
    let (isAsync, isBehind) = (fields.flag("async") ?? false, fields.flag("background") ?? false)
    let isOwn = tool.formats.isEmpty || tool.staysWhatItIs
    let asked = tool.formats.isEmpty ? nil : fields.word("format", of: tool.formats)
    let target = asked ?? (isOwn ? nil : tool.formats.first)
    let inputs = try ConvertlyInput.all(
      files, to: Array(repeating: target, count: ConvertlyInput.count(files, &fields)), &fields, self)
    try fields.check()
    guard let first = inputs.first else { throw Refusal.invalidFields }
    try check(tool, inputs)
    var options = try tool.options(&fields, first)
    guard let to = target ?? first.format ?? first.said else {
      throw ConvertlyRefusals.wrong(
        "What the file is cannot be told; send it with a name that ends as its format does.")
    }
    let known = parts.jobs.formats.options(from: first.format, to: to)
    if let needs = tool.needs, !known.contains(needs.option) {
      throw ConvertlyRefusals.absent("\(tool.name) of \(first.format ?? to)", package: needs.package)
    }
    let from = inputs.allSatisfy { $0.format == first.format } ? first.format : nil
    let overlay = tool.takesOverlay ? try given ?? overlay(form, fields, &options) : nil
    let task = Submission.Task(from: from, to: to, options: options.filter { known.contains($0.key) })
    var submission = try submission(ConvertlyJobData(.tool, tool: tool.name), &fields, inputs, [task])
    submission.overlay = overlay
    return (submission, isAsync || isBehind)
  }

  private func check(_ tool: ConvertlyTool, _ inputs: [ConvertlyInput]) throws {
    for input in inputs {
      guard let kind = input.kind, !tool.kinds.isEmpty, !tool.kinds.contains(kind) else { continue }
      throw ConvertlyRefusals.wrong(
        "\(tool.name) takes \(tool.kinds.joined(separator: ", ")), and this file is \(input.format ?? kind).")
    }
  }

  /// "Applying text watermarks or logos": a picture that came with the request, or one of words.
  private func overlay(
    _ form: UploadForm, _ fields: ConvertlyFields, _ options: inout [String: String]
  ) throws -> Submission.Source {
    if let file = form.files.first(where: { $0.fieldName == "watermarkFile" }) { return file.source() }
    guard let text = fields.text("text") else {
      throw ConvertlyRefusals.wrong("watermarkFile or text is required, which is laid over the other.")
    }
    guard !parts.jobs.formats.options(from: "svg", to: "png").isEmpty else {
      throw ConvertlyRefusals.absent("Writing text over pictures", package: "librsvg2-bin")
    }
    let words = ConvertlyWords(text)
    options["watermark_scale"] = String(words.percent)
    return .file(try parts.jobs.intake.file(of: words.drawing, named: "text.svg"))
  }
}
