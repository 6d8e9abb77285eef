import Basics
import Conversion
import Formats
package import Storage

/// Changes of a job that was created and not started.
extension Intake {
  /// Adds to what a dialect keeps with a job what it has to say of an input, which has this row.
  package typealias Note = @Sendable (_ data: String?, _ input: Int64) throws -> String?

  /// What becomes of a job that waits for its start.
  package struct Changed: Sendable {
    package var draft: JobDraft
    /// What is made of its files, when that is to be something else.
    package var tasks: [Submission.Task]?
    /// Where its tasks are among the new ones, by where they were, without those that go; nil when each stays there.
    package var places: [Int: Int]?
    /// More of what its outputs may be downloaded with.
    package var downloadPasswords: [String] = []
    /// True when these take the place of those that it has.
    package var replacesDownloadPasswords = false
    /// More of what it has to know and nobody may see, in the place of those of the same names.
    package var secrets: [JobSecret] = []
    /// Its sources in the order that they are to have; nil when they stay in theirs.
    package var order: [Int64]?
    /// Its inputs that go.
    package var removed: Set<Int64> = []
    /// The source that is laid over the others.
    package var overlay: Int64?
    /// True when the secret of the key signs what goes to a new address.
    package var signsWithKey = false
  }

  package typealias Change = @Sendable (inout Changed) throws -> Void

  /// Changes a job all at once or not at all.
  ///
  /// Throws what `start` does, and whatever `change` throws.
  package func change(_ row: Int64, by submitter: Submitter, _ change: @escaping Change) async throws {
    try requireKey(submitter)
    let blobs = try await store.write { try apply(change, to: incomplete(row, submitter, $0), submitter, $0) }
    store.blobs.remove(blobs)
    store.changes.note(submitter.workspace.id)
  }

  /// What opens the files of a job, whatever is made of them, as one of its secrets.
  ///
  /// Throws `Refusal.invalidFields` with the field for what can be no password.
  package func inputPassword(_ text: String, from field: String) throws -> JobSecret {
    do {
      _ = try ConversionOptions([JobTask.password: text], among: catalogue.options)
    } catch let failure {
      throw Refusal.invalidFields.naming([.init(field, "\(failure.problem); valid: \(failure.validValues)")])
    }
    return .inputPassword(text)
  }

  /// In the caller's transaction; gives the files to be removed after it.
  func apply(_ change: Change, to job: Job, _ submitter: Submitter, _ database: Database) throws -> [String] {
    var changed = try Changed(draft: JobDraft(job, in: database))
    let before = changed.draft.webhookURL
    try change(&changed)
    if changed.draft.webhookURL != before, changed.draft.webhookURL != nil {
      try Feature.webhooks.check(submitter.plan, in: database)
      let key = changed.signsWithKey ? submitter.keyID : nil
      changed.draft.webhookSecret = try key.flatMap { try Keys.webhookSecret(id: $0, in: database) }
    }
    try Jobs.set(changed.draft, in: database)
    if let places = changed.places {
      try Targets.move(places, of: job, in: database)
      let secrets = try Secrets.all(job, in: database).compactMap { $0.moved(places) }
      try Secrets.set(secrets, job: job.id, in: database)
    }
    if let tasks = changed.tasks { try set(tasks, of: job, submitter, database) }
    try Secrets.put(changed.secrets, job: job.id, in: database)
    let codes = changed.downloadPasswords.map(lock.code)
    if changed.replacesDownloadPasswords {
      try DownloadPasswords.set(codes, job: job.id, in: database)
    } else {
      try DownloadPasswords.insert(codes, job: job.id, in: database)
    }
    if let order = changed.order { try Inputs.setOrder(order, job: job.id, in: database) }
    if let overlay = changed.overlay { try Inputs.setOverlay(id: overlay, position: Intake.mostFiles, in: database) }
    var files = TakenFiles()
    for input in changed.removed { files = try files + Inputs.delete(id: input, job: job.id, in: database) }
    if files.bytes > 0 { try Usage.addStored(job.workspaceID, -files.bytes, in: database) }
    return files.blobs
  }

  private func set(_ tasks: [Submission.Task], of job: Job, _ submitter: Submitter, _ database: Database) throws {
    guard tasks.count <= Intake.mostTasks else {
      throw Refusal.invalidFields.naming([
        .init(.target, "\(tasks.count) targets are more than the \(Intake.mostTasks) allowed")
      ])
    }
    var submission = Submission(
      dialect: job.dialect, fields: [], route: "", conversionType: nil,
      from: job.sourceFormat == Wish.anyFormat ? nil : job.sourceFormat, to: nil, sources: [], mostBytes: 0)
    submission.starts = false
    submission.tasks = tasks
    var wishes: [Wish] = []
    for (number, task) in tasks.enumerated() {
      let preset = try task.preset.map { try Intake.preset($0, of: job.workspaceID, in: database) }
      do {
        wishes.append(try Wish(submission, task, preset, catalogue))
      } catch let refusal as Refusal where tasks.count > 1 {
        throw refusal.about(task: number)
      }
    }
    let rows = wishes.enumerated().map { position, wish in
      JobTask(
        position: position, conversionType: wish.conversionType, targetFormat: wish.target,
        options: wish.options.json.text, inputs: wish.files)
    }
    try Jobs.setTasks(rows, id: job.id, in: database)
    var secrets: [JobSecret] = []
    for (position, wish) in wishes.enumerated() {
      secrets += wish.options.secrets.map { JobSecret(option: $0.name, of: position, $0.text) }
    }
    try Secrets.put(secrets, job: job.id, in: database)
  }
}
