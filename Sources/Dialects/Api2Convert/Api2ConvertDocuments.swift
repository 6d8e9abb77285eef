import Basics
import Engine
import Storage

/// What this API says of a job and of its parts.
struct Api2ConvertDocuments {
  /// The six words that every client of the vendor's knows, and the one after a cancel, with what each means.
  static let statuses = [
    (
      "incomplete",
      "The job waits for inputs or conversions; it is removed a day after it was created unless it is started."
    ),
    ("ready", "The job is ready to be started; it is removed a day after it was created unless it is."),
    ("downloading", "The file is currently downloading from the source URL."),
    ("processing", "The file is currently being processed."),
    ("completed", "The file has been successfully converted."),
    ("failed", "The file has not been converted due to errors."),
    ("canceled", "The job was canceled."),
  ]

  let identifiers: PublicIdentifiers
  /// Makes a path absolute.
  let link: (String) -> String

  func job(_ job: WholeJob) -> JSONValue {
    let data = Api2ConvertData(job.dialectData)
    let extras = job.job.extras
    return .object([
      ("id", .string(id(job))), ("token", .string(job.token)), ("type", .string("job")),
      ("status", status(Api2ConvertDocuments.code(job, data))),
      ("errors", .array(notices(job, data, .error))), ("warnings", .array(notices(job, data, .warning))),
      ("process", .boolean(job.job.status != .incomplete)),
      ("fail_on_input_error", .boolean(!extras.contains(.forgivesInputs))),
      ("fail_on_conversion_error", .boolean(!extras.contains(.forgivesTasks))),
      ("conversion", .array(conversions(job))), ("limits", data.limits), ("input", .array(inputs(job))),
      ("output", .array(outputs(job))), ("callback", text(job.job.webhookURL)),
      ("notify_status", .boolean(job.job.tellsEveryChange)), ("server", .string(link(""))),
      ("spent", .integer(job.job.startedAt == nil ? 0 : 1)), ("created_at", time(job.job.createdAt)),
      ("modified_at", time(job.changedAt)),
      // They are known by a code alone.
      ("download_passwords", .array([])),
    ])
  }

  func id(_ job: WholeJob) -> String { RowUUID.text(.request, job.job.id, identifiers) }

  static func code(_ job: WholeJob, _ data: Api2ConvertData) -> String {
    code(job.job, job.inputs.map(\.input), data)
  }

  static func code(_ job: Job, _ inputs: [Input], _ data: Api2ConvertData) -> String {
    switch job.status {
    case .incomplete:
      let sources = inputs.filter { $0.status != .failed }
      if sources.isEmpty || data.conversions.isEmpty { return "incomplete" }
      return sources.contains { $0.status == .downloading } ? "downloading" : "ready"
    case .downloading: return "downloading"
    case .pending, .processing: return "processing"
    // Nobody has canceled it, and older clients know no such word.
    case .canceled where job.errorCode == "not_started": return "failed"
    case .completed, .failed, .canceled: return job.status.rawValue
    }
  }

  func status(_ code: String) -> JSONValue {
    .object([("code", .string(code)), ("info", .string(Api2ConvertDocuments.info(code)))])
  }

  static func info(_ code: String) -> String { statuses.first { $0.0 == code }?.1 ?? "" }

  func conversions(_ job: WholeJob) -> [JSONValue] {
    Api2ConvertData(job.dialectData).conversions.enumerated().map { position, conversion in
      let targets = job.view.targets.filter { $0.target.task == nil || $0.target.task == position }
      return self.conversion(conversion, of: job.job.id, targets.map(Api2ConvertClouds.describe))
    }
  }

  private func conversion(
    _ conversion: Api2ConvertData.Conversion, of job: Int64, _ targets: [JSONValue]
  ) -> JSONValue {
    .object([
      ("id", .string(Api2ConvertNames.conversion(conversion.number, of: job, identifiers))),
      ("target", .string(conversion.target)), ("category", text(conversion.category)),
      ("options", .object(conversion.options)), ("metadata", conversion.metadata), ("output_target", .array(targets)),
    ])
  }

  func inputs(_ job: WholeJob) -> [JSONValue] {
    let data = Api2ConvertData(job.dialectData)
    return job.inputs.map { input($0, data.input(row: $0.input.id, position: $0.input.position), of: job) }
  }

  private func input(_ file: WholeJob.File, _ said: JSONValue?, of job: WholeJob) -> JSONValue {
    let input = file.input
    let isOver = job.job.status == .canceled && input.status == .downloading
    return .object([
      ("id", .string(RowUUID.text(.input, input.id, identifiers))),
      ("type", said?["type"] ?? .string(input.kind == .url ? "remote" : "upload")),
      ("status", .string(isOver ? "canceled" : input.status.rawValue)),
      ("source", said?["source"] ?? text(input.address)), ("engine", said?["engine"] ?? .string("auto")),
      ("options", said?["options"] ?? .object([])), ("filename", .string(input.fileName)),
      ("size", input.size.map(JSONValue.integer) ?? .null),
      ("hash", text(input.sha256.map { Hexadecimal.encode($0) })),
      ("checksum", text(input.sha256.map { Hexadecimal.encode($0) })), ("content_type", .string(file.mediaType)),
      ("created_at", time(file.createdAt)), ("modified_at", time(file.changedAt)), ("credentials", .object([])),
      ("parameters", said?["parameters"] ?? .object([])), ("metadata", .object([])),
    ])
  }

  /// The outputs of a conversion and an input, by their identifiers; nil for those of all.
  func outputs(_ job: WholeJob, of conversion: String? = nil, from input: String? = nil) -> [JSONValue] {
    // What has arrived elsewhere is no output here ([sdk]).
    let outputs = job.outputs.filter { file in
      let targets = job.view.targets.filter { $0.target.task == nil || $0.target.task == file.output.task }
      return targets.isEmpty || targets.contains { $0.status == .failed }
    }
    return outputs.map { output($0, of: job) }.filter { output in
      let source = output["source"]
      return (conversion == nil || source?["conversion"]?.string == conversion)
        && (input == nil || source?["input"]?.array?.contains { $0.string == input } ?? false)
    }
  }

  private func output(_ file: JobView.File, of job: WholeJob) -> JSONValue {
    let output = file.output
    let conversions = Api2ConvertData(job.dialectData).conversions
    let number = conversions.indices.contains(output.task) ? conversions[output.task].number : 1
    let sources = job.inputs.filter { output.inputID == nil || output.inputID == $0.input.id }
    return .object([
      ("id", .string(RowUUID.text(.file, output.id, identifiers))),
      (
        "source",
        .object([
          ("conversion", .string(Api2ConvertNames.conversion(number, of: job.job.id, identifiers))),
          ("input", .array(sources.map { .string(RowUUID.text(.input, $0.input.id, identifiers)) })),
        ])
      ),
      ("filename", .string(file.name)), ("uri", .string(link(file.path))), ("size", .integer(file.size)),
      ("status", .string("enabled")), ("content_type", .string(output.mediaType)),
      ("downloads_counter", .integer(Int64(output.downloads))),
      ("checksum", .string(Hexadecimal.encode(output.sha256))),
      ("created_at", time(output.createdAt)),
      (
        "metadata",
        .object(
          [("width", output.width), ("height", output.height)].compactMap { name, side in
            side.map { (name, .integer(Int64($0))) }
          })
      ),
    ])
  }

  /// One for each conversion, which is the unit of work here.
  func threads(_ job: WholeJob) -> [JSONValue] {
    guard let startedAt = job.job.startedAt else { return [] }
    let code = Api2ConvertDocuments.code(job, Api2ConvertData(job.dialectData))
    return Api2ConvertData(job.dialectData).conversions.map { conversion in
      .object([
        ("hash", .string(Api2ConvertNames.conversion(conversion.number, of: job.job.id, identifiers))),
        ("status", .integer(code == "completed" ? 0 : 1)), ("info", .string(Api2ConvertDocuments.info(code))),
        ("exec_time", .integer(job.job.run.milliseconds / 1000)), ("created_at", time(startedAt)),
        ("modified_at", time(job.changedAt)),
      ])
    }
  }

  func history(_ job: WholeJob) -> [JSONValue] {
    let created = event(.proof, job.job.id, "incomplete", job.job.createdAt)
    return [created]
      + job.events.compactMap { happened in
        let code: String? =
          switch happened.kind {
          case .submitted: job.inputs.contains { $0.input.kind == .url } ? "downloading" : "ready"
          case .started: "processing"
          case .completed, .failed, .canceled: happened.kind.rawValue
          case .progress, .stored: nil
          }
        return code.map { event(.event, happened.id, $0, happened.createdAt) }
      }
  }

  private func event(_ kind: PublicIdentifiers.Kind, _ row: Int64, _ code: String, _ at: Timestamp) -> JSONValue {
    .object([
      ("id", .string(RowUUID.text(kind, row, identifiers))), ("status", .string(code)),
      ("info", .string(Api2ConvertDocuments.info(code))), ("created_at", time(at)),
    ])
  }

  private func notices(_ job: WholeJob, _ data: Api2ConvertData, _ grade: JobNotice.Grade) -> [JSONValue] {
    let ours: [JSONValue] =
      grade == .error
      ? []
      : data.conversions.filter(Api2ConvertTargets.stampsElsewhere).map { conversion in
        .object([
          ("source", .string("conversion")),
          ("id_source", .string(Api2ConvertNames.conversion(conversion.number, of: job.job.id, identifiers))),
          ("code", .integer(99)),
          ("message", .string("a stamp stands in the middle of its page, whatever its alignment")),
          ("details", .object([("code", .string("alignment_left_out"))])),
        ])
      }
    return ours
      + job.notices.filter { $0.grade == grade }.map { notice in
        var task = 0
        var input: Int64?
        switch notice.subject {
        case .input(let row): input = row
        case .task(let position): task = position
        case .output(let row): task = job.outputs.first { $0.output.id == row }?.output.task ?? 0
        case .job: break
        }
        let number = data.conversions.indices.contains(task) ? data.conversions[task].number : 1
        return .object([
          ("source", .string(input == nil ? "conversion" : "input")),
          (
            "id_source",
            .string(
              input.map { RowUUID.text(.input, $0, identifiers) }
                ?? Api2ConvertNames.conversion(number, of: job.job.id, identifiers))
          ),
          ("code", .integer(Int64(Api2ConvertDocuments.number(notice)))), ("message", .string(notice.message)),
          ("details", .object([("code", .string(notice.code))])),
        ])
      }
  }

  /// The vendor's numbers, of which few are published: the status that a file's server answered with, 6037 for dimensions,
  /// and 99 for all else.
  private static func number(_ notice: JobNotice) -> Int {
    if notice.code == "too_many_pixels" { return 6037 }
    guard ["download_status", "input_failed"].contains(notice.code) else { return 99 }
    return notice.message.split(separator: " ").last.flatMap { Int($0) } ?? 99
  }

  private func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

  /// "2017-08-15T17:20:55", in UTC.
  private func time(_ moment: Timestamp) -> JSONValue { .string(String("\(moment)".prefix(19))) }
}
