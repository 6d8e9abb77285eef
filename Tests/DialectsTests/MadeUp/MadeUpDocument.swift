import Basics
import Engine
import Storage

/// A job as the widest document of the five APIs has it (api2convert's), so that each of its fields has an answer.
enum MadeUpDocument {
  static func job(_ job: WholeJob) -> JSONValue {
    .object([
      ("id", .string(job.view.requestID)), ("type", .string("job")),
      ("status", .object([("code", .string(job.job.status.rawValue))])),
      ("process", .boolean(job.job.status != .incomplete)),
      ("errors", .array(job.notices.filter { $0.grade == .error }.map(notice))),
      ("warnings", .array(job.notices.filter { $0.grade == .warning }.map(notice))),
      ("conversion", .array(job.tasks.map(task))), ("input", .array(job.inputs.map(input))),
      ("output", .array(job.outputs.map { output($0, job) })),
      (
        "history",
        .array(job.events.map { .object([("info", .string($0.kind.rawValue)), time("created_at", $0.createdAt)]) })
      ),
      ("callback", text(job.job.webhookURL)), ("spent", .integer(job.job.run.milliseconds)),
      ("own", text(job.dialectData)), time("created_at", job.job.createdAt), time("modified_at", job.changedAt),
    ])
  }

  static func input(_ file: WholeJob.File) -> JSONValue {
    .object([
      ("id", .integer(file.input.id)), ("type", .string(file.input.kind == .url ? "remote" : file.input.kind.rawValue)),
      ("status", .string(file.input.status.rawValue)), ("source", text(file.input.address)),
      ("filename", .string(file.input.fileName)), ("size", file.input.size.map(JSONValue.integer) ?? .null),
      ("hash", text(file.input.sha256.map { Hexadecimal.encode($0) })), ("content_type", .string(file.mediaType)),
      ("error", text(file.input.errorMessage)), ("position", .integer(Int64(file.input.position))),
      time("created_at", file.createdAt), time("modified_at", file.changedAt),
    ])
  }

  private static func task(_ task: JobTask) -> JSONValue {
    .object([
      ("id", .integer(Int64(task.position))), ("category", .string(task.conversionType)),
      ("target", .string(task.targetFormat)), ("options", (try? JSONReader.parse(task.options.utf8)) ?? .null),
    ])
  }

  private static func output(_ file: JobView.File, _ job: WholeJob) -> JSONValue {
    let output = file.output
    let task = job.tasks[output.task]
    let made = job.inputs(of: task).map(\.input.id).filter { output.inputID == nil || output.inputID == $0 }
    return .object([
      ("id", .integer(output.id)),
      (
        "source",
        .object([("conversion", .integer(Int64(output.task))), ("input", .array(made.map(JSONValue.integer)))])
      ),
      ("filename", .string(file.name)), ("uri", .string(file.path)), ("size", .integer(file.size)),
      ("content_type", .string(output.mediaType)), ("downloads_counter", .integer(Int64(output.downloads))),
      ("checksum", .string(Hexadecimal.encode(output.sha256))), time("created_at", output.createdAt),
      (
        "metadata",
        .object([
          ("width", output.width.map { .integer(Int64($0)) } ?? .null),
          ("height", output.height.map { .integer(Int64($0)) } ?? .null),
        ])
      ),
    ])
  }

  private static func notice(_ notice: JobNotice) -> JSONValue {
    let (source, id): (String, Int64) =
      switch notice.subject {
      case .job: ("job", 0)
      case .input(let row): ("input", row)
      case .task(let position): ("conversion", Int64(position))
      case .output(let row): ("output", row)
      }
    return .object([
      ("source", .string(source)), ("id_source", .integer(id)), ("code", .string(notice.code)),
      ("message", .string(notice.message)),
    ])
  }

  private static func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
  private static func time(_ name: String, _ moment: Timestamp) -> (name: String, value: JSONValue) {
    (name, .string("\(moment)"))
  }
}
