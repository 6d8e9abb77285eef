import Basics
import Engine
import Storage

/// What this API says of jobs and their files.
struct ConvertlyDocuments {
  let identifiers: PublicIdentifiers
  /// What was stored of a job: the rows of stored files by those of outputs, and why something was not.
  typealias Stored = (rows: [Int64: Int64], notice: String?)

  let stored: (WholeJob) -> Stored
  /// The quality of what is made into a format where nobody asks for another one; null where it has none.
  let usualQuality: (_ target: String) -> JSONValue
  let link: (_ path: String) -> String

  /// The states in the vendor's four words, with ours for each.
  static let states: [(word: String, statuses: [JobStatus])] = [
    ("pending", [.incomplete, .downloading, .pending]), ("processing", [.processing]), ("completed", [.completed]),
    ("failed", [.failed, .canceled]),
  ]

  static func state(_ status: JobStatus) -> String {
    states.first { $0.statuses.contains(status) }?.word ?? "processing"
  }

  func name(of job: Job) -> String { ConvertlyNames.text(.request, job.id, identifiers) }

  /// "files" and "storage" of a request that was answered with its result.
  func result(_ job: WholeJob, further: [(name: String, value: JSONValue)] = []) -> JSONValue {
    let stored = stored(job)
    let isSaved = !stored.rows.isEmpty
    let notice =
      stored.notice ?? (isSaved || !ConvertlyJobData(job.dialectData).saves ? nil : ConvertlyDocuments.notSaved)
    let storage = JSONValue.object([
      ("saved", .boolean(isSaved)), ("notice", notice.map(JSONValue.string) ?? .null),
    ])
    return .object([("files", .array(files(job, stored))), ("storage", storage)] + further)
  }

  private static let notSaved = "Nothing was saved to storage; what was made can be downloaded until its time is over."

  /// `jobId`, `jobType`, `status`, counts, and what has come of it.
  func job(_ job: WholeJob) -> JSONValue {
    let data = ConvertlyJobData(job.dialectData)
    let status = job.job.status
    let (done, all) = (completed(job), sources(job).count)
    let percent = job.events.last { $0.percent != nil }?.percent ?? 0
    let isGood = status == .completed
    let error = isGood ? nil : job.job.errorMessage ?? (status == .canceled ? "The job was canceled." : nil)
    return .object([
      ("jobId", .string(name(of: job.job))), ("jobType", .string(data.kind.rawValue)),
      ("tool", data.tool.map(JSONValue.string) ?? .null), ("status", .string(ConvertlyDocuments.state(status))),
      ("totalFiles", .integer(Int64(all))), ("completedFiles", .integer(Int64(done))),
      ("failedFiles", .integer(Int64(status.isFinal ? all - done : 0))),
      ("progress", .integer(status.isFinal ? 100 : percent)),
      ("errorMessage", error.map(JSONValue.string) ?? .null),
      ("results", isGood ? .array(files(job, stored(job))) : .null),
      ("createdAt", .string(job.job.createdAt.description)),
      ("completedAt", job.job.finishedAt.map { .string($0.description) } ?? .null),
    ])
  }

  private func sources(_ job: WholeJob) -> [WholeJob.File] { job.inputs.filter { $0.input.role == .source } }

  /// How many of a job's files something was made of; an output of several stands for all of its task.
  private func completed(_ job: WholeJob) -> Int {
    guard job.job.status == .completed else { return 0 }
    let whole = job.outputs.filter { $0.output.inputID == nil }.map(\.output.task)
    let ofAll = job.job.packsOutputs || !whole.isEmpty && job.tasks.count == 1
    let together = job.tasks.filter { ofAll || whole.contains($0.position) }
    let made = Set(job.outputs.compactMap(\.output.inputID))
    return sources(job).filter { source in
      made.contains(source.input.id) || together.contains { $0.isOver(source.input) } || job.job.packsOutputs
    }.count
  }

  /// What was made, in the order of the files; one that nothing was made of says so in its place.
  private func files(_ job: WholeJob, _ stored: Stored) -> [JSONValue] {
    let sources = sources(job)
    let isWhole = job.outputs.contains { $0.output.inputID == nil }
    guard !isWhole, !job.job.packsOutputs else { return job.outputs.map { file($0, job, stored) } }
    let made = sources.map { source in job.outputs.filter { $0.output.inputID == source.input.id } }
    // A job keeps the first reason alone.
    let reason = made.count(where: \.isEmpty) == 1 ? job.job.errorMessage : nil
    return zip(sources, made).flatMap { source, own in
      own.isEmpty ? [failed(source, reason)] : own.map { file($0, job, stored) }
    }
  }

  /// The pictures that are coded by quality.
  private static let coded = ["image/jpeg", "image/webp", "image/heic", "image/avif", "image/jxl"]
  /// What takes the place of a quality.
  private static let insteadOfQuality = ["lossless", "target_size", "extract_images", "strip_metadata"]

  /// As it was asked for, or the usual one, which no job keeps.
  private func quality(of output: Output, _ task: JobTask?) -> JSONValue {
    guard let task, let options = try? JSONReader.parse(task.options.utf8) else { return .null }
    if let quality = options["quality"] { return quality }
    guard ConvertlyDocuments.coded.contains(output.mediaType),
      !ConvertlyDocuments.insteadOfQuality.contains(where: { options[$0] != nil })
    else { return .null }
    return usualQuality(task.targetFormat)
  }

  private func failed(_ source: WholeJob.File, _ reason: String?) -> JSONValue {
    .object([
      ("filename", .string(source.input.fileName)), ("originalSize", source.input.size.map(JSONValue.integer) ?? .null),
      ("downloadUrl", .null), ("storedFileId", .null),
      ("error", .string(source.input.errorMessage ?? reason ?? "This file could not be converted.")),
    ])
  }

  private func file(_ file: JobView.File, _ job: WholeJob, _ stored: Stored) -> JSONValue {
    let output = file.output
    let task = job.tasks.first { $0.position == output.task }
    let sources = sources(job).filter { source in
      output.inputID.map { $0 == source.input.id } ?? (job.job.packsOutputs || task?.isOver(source.input) ?? true)
    }
    let original = sources.reduce(0) { $0 + ($1.input.size ?? 0) }
    let saved = original > 0 ? Double((original - output.size) * 1000 / original) / 10 : 0
    let row = stored.rows[output.id]
    func side(_ value: Int?) -> JSONValue { value.map { .integer(Int64($0)) } ?? .null }
    return .object([
      ("filename", .string(output.fileName)), ("originalSize", .integer(original)),
      ("finalSize", .integer(output.size)), ("savedPercent", .number(saved)), ("mimeType", .string(output.mediaType)),
      ("downloadUrl", .string(link(file.path))), ("appliedQuality", quality(of: output, task)),
      ("storedFileId", row.map { .string(ConvertlyNames.text(.storedFile, $0, identifiers)) } ?? .null),
      ("width", side(output.width)), ("height", side(output.height)),
    ])
  }
}
