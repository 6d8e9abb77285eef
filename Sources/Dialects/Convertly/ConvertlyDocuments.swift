import Basics
import Engine
import Storage

/// What this API says of jobs and their files.
struct ConvertlyDocuments {
  let identifiers: PublicIdentifiers
  /// What was stored of a job: the rows of stored files by those of outputs, and why something was not.
  typealias Stored = (rows: [Int64: Int64], notice: String?)

  let stored: (WholeJob) -> Stored
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
    let options = task.flatMap { try? JSONReader.parse($0.options.utf8) }
    let row = stored.rows[output.id]
    func side(_ value: Int?) -> JSONValue { value.map { .integer(Int64($0)) } ?? .null }
    return .object([
      ("filename", .string(output.fileName)), ("originalSize", .integer(original)),
      ("finalSize", .integer(output.size)), ("savedPercent", .number(saved)), ("mimeType", .string(output.mediaType)),
      ("downloadUrl", .string(link(file.path))), ("appliedQuality", options?["quality"] ?? .null),
      ("storedFileId", row.map { .string(ConvertlyNames.text(.storedFile, $0, identifiers)) } ?? .null),
      ("width", side(output.width)), ("height", side(output.height)),
    ])
  }
}
