import Basics
import Engine
import Storage

extension JobsNoun {
  /// What only the page of one job shows.
  static func details(_ job: Job, key: ListedKey?, batch: String?) -> [(name: String, value: JSONValue)] {
    [
      ("job_id", .integer(job.number)), ("conversion_type", .string(job.conversionType)),
      ("source_format", .string(job.sourceFormat)), ("target_format", .string(job.targetFormat)),
      ("options", (try? JSONReader.parse(job.options.utf8)) ?? .object([])),
      ("idempotency_key", job.idempotencyKey.map(JSONValue.string) ?? .null),
      ("webhook_url", job.webhookURL.map(JSONValue.string) ?? .null),
      ("batch_id", batch.map(JSONValue.string) ?? .null), ("archive", job.packsOutputs ? .string("zip") : .null),
      ("started_at", job.startedAt.map { .string("\($0)") } ?? .null),
      (
        "key",
        key.map { .object([("id", .integer($0.id)), ("name", .string($0.name)), ("key", .string($0.hint))]) } ?? .null
      ),
    ]
  }

  /// What a list says of a job's files.
  static func summary(_ inputs: [Input]) -> [(name: String, value: JSONValue)] {
    [
      ("file_name", inputs.first.map { .string($0.fileName) } ?? .null), ("files", .integer(Int64(inputs.count))),
      ("size", .integer(inputs.reduce(0) { $0 + ($1.size ?? 0) })),
    ]
  }

  static func describe(_ input: Input) -> JSONValue {
    .object([
      ("file_name", .string(input.fileName)), ("size", input.size.map(JSONValue.integer) ?? .null),
      ("position", .integer(Int64(input.position))), ("is_there", .boolean(input.blob != nil)),
      ("role", .string(input.role.rawValue)),
    ])
  }

  static func describe(_ output: PastOutput) -> JSONValue {
    .object([("file_name", .string(output.fileName)), ("size", .integer(output.size))])
  }

  static func describe(_ warning: JobWarning) -> JSONValue {
    .object([
      ("code", .string(warning.code)), ("message", .string(warning.message)), ("file_name", .string(warning.fileName)),
    ])
  }

  static func describe(_ position: Int, _ output: Output) -> JSONValue {
    .object([
      ("file_name", .string(output.fileName)), ("size", .integer(output.size)),
      ("position", .integer(Int64(position))), ("media_type", .string(output.mediaType)),
      ("sha256", .string(Hexadecimal.encode(output.sha256))),
    ])
  }
}
