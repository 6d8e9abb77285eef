import Basics
import Conversion
import Formats
package import Storage

/// A job that comes in steps: it is created, gets its files one by one, and is started.
///
/// Until then it is durable, counted and paid for like any other, but nothing is made of it; one that nobody starts ends
/// after `Lifecycle.longestUnstarted`.
extension Intake {
  /// Takes a job that waits for `start`; its submission may have files already.
  package func create(_ submission: Submission, by submitter: Submitter) async throws -> Receipt {
    try requireKey(submitter)
    var submission = submission
    submission.starts = false
    return try await submit(submission, by: submitter)
  }

  /// The same for the holder of a key.
  package func create(_ submission: Submission, by holder: KeyHolder) async throws -> Receipt {
    try await create(submission, by: Submitter(holder))
  }

  /// Adds a file to a job that was created and not started, and gives the input's row; it is durable before this returns.
  ///
  /// `mostBytes` is the largest file that may be fetched, and `note` gets what the dialect keeps with the job, to add what
  /// it has to say of the input. Throws `Refusal.unknownJob`, `jobHasStarted` or `jobHasEnded`.
  package func add(
    _ source: Submission.Source, to row: Int64, mostBytes: Int64, by submitter: Submitter, noting note: Note? = nil
  ) async throws -> Int64 {
    try requireRoom()
    try requireKey(submitter)
    let input: Int64
    switch try await withPageAsFile(takingStored(openingStorages(source, submitter), submitter), row, submitter) {
    case .address(let address, let name), .page(let address, let name):
      let new = NewInput(fileName: FileNames.clean(name ?? FileNames.last(of: address)), .address(address))
      input = try await list(new, for: row, mostBytes, submitter, noting: note)
    case .cloud(let file):
      if let problem = file.spot.problem() { throw Refusal.invalidFields.naming([.init(.address(of: 0), problem)]) }
      input = try await list(try NewInput(file), for: row, mostBytes, submitter, noting: note)
    case .file(let file):
      input = try await blocking.run { try add(file, to: row, submitter, noting: note) }
    case .stored: throw Refusal.unknownStoredFile
    }
    Failpoint.pass(.beforeAnswer)
    store.changes.note(submitter.workspace.id)
    return input
  }

  /// Records a file that is to be fetched.
  private func list(
    _ new: NewInput, for row: Int64, _ mostBytes: Int64, _ submitter: Submitter, noting note: Note?
  ) async throws -> Int64 {
    let input = try await store.write { database in
      let (id, _) = try insert(new, to: row, submitter, noting: note, database)
      try Downloads.insert(
        new.content, input: id, job: row, workspace: submitter.workspace.id, mostBytes: mostBytes, in: database)
      return id
    }
    wakeFetcher()
    return input
  }

  /// A page's address as a file; in a job that converts pages any address is one.
  private func withPageAsFile(
    _ source: Submission.Source, _ row: Int64, _ submitter: Submitter
  ) async throws -> Submission.Source {
    switch source {
    case .file, .cloud, .stored: return source
    case .page(let address, let name): return try .page(address, name, in: store.spool)
    case .address(let address, let name):
      let job = try await blocking.run { try store.read { try incomplete(row, submitter, $0) } }
      return Format.named(job.sourceFormat) == .url ? try .page(address, name, in: store.spool) : source
    }
  }

  /// Lets a job go on that was created: it waits in the queue, or for the files that are still being fetched.
  ///
  /// Throws what `add` does, and `Refusal.invalidFields` when a task cannot be done with so many files.
  package func start(_ row: Int64, by submitter: Submitter, _ change: Change? = nil) async throws {
    try requireKey(submitter)
    let now = clock.now()
    let (event, isAnnounced): (Event, Bool) = try await store.write { database in
      var job = try incomplete(row, submitter, database)
      // What its files are says what may be asked for of them.
      if let format = try Intake.format(of: job, database) {
        try Jobs.setSource(id: row, format, in: database)
        job = try incomplete(row, submitter, database)
      }
      if let change {
        _ = try apply(change, to: job, submitter, database)
        job = try incomplete(row, submitter, database)
      }
      try check(job, database)
      let waits = try Downloads.hasAny(job: row, in: database)
      let status = waits ? JobStatus.downloading : .pending
      try Jobs.setStarted(id: row, status, in: database)
      try Usage.move(job.workspaceID, from: .incomplete, to: status, in: database)
      if !waits {
        let lane = try lanes.lane(of: job, in: database)
        try Queue.insert(job.workspaceID, job: row, lane: lane.rawValue, at: now, in: database)
      }
      let event = try Events.insert(job.workspaceID, job: row, .submitted, at: now, in: database)
      return (event, try announcing?.write(event, job: row, at: now, in: database) ?? false)
    }
    Failpoint.pass(.beforeAnswer)
    hub.publish(event, job: row)
    store.changes.note(event.workspaceID)
    bells.ring()
    wakeFetcher()
    if isAnnounced { announcing?.ring() }
  }

  /// Puts a file in place and records it; blocks for as long as the disk takes.
  private func add(
    _ file: Submission.File, to row: Int64, _ submitter: Submitter, noting note: Note?
  ) throws -> Int64 {
    let job = try store.read { try incomplete(row, submitter, $0) }
    let type = try Sniffer.type(ofFileAt: file.path)
    let name = FileNames.clean(file.name)
    let checks = SourceCheck.all(of: job, try store.read { try Tasks.all(job, in: $0) }, catalogue)
    if let problem = checks.problem(of: type) {
      throw Refusal.invalidFile.naming([.init(.files, "\(name) \(problem)")])
    }
    let format = checks.first?.format(of: type, named: name) ?? type.best(named: name)
    return try store.blobs.place([file.path]) { blobs in
      do {
        file.keeper.handOver()
        return try store.writeBlocking { database in
          var new = NewInput(fileName: name, .file(blob: blobs[0], size: file.size, sha256: nil))
          if let format, format != Format.named(job.sourceFormat) { new.format = format.name }
          let (id, job) = try insert(new, to: row, submitter, adding: file.size, noting: note, database)
          try Usage.add(job.workspaceID, origin: job.origin, files: 1, bytes: file.size, at: clock.now(), in: database)
          try Usage.addStored(job.workspaceID, file.size, in: database)
          return id
        }
      } catch {
        if !store.hasStoppedWriting { store.blobs.remove(blobs) }
        throw error
      }
    }
  }

  /// In the writer's transaction, where the job may have been started or ended meanwhile.
  private func insert(
    _ input: NewInput, to row: Int64, _ submitter: Submitter, adding bytes: Int64 = 0, noting note: Note?,
    _ database: Database
  ) throws -> (id: Int64, job: Job) {
    let job = try incomplete(row, submitter, database)
    let limit = submitter.plan.filesPerMinute
    if let payer = submitter.payer, let limit { try limiter.requireFiles(payer, limit: limit) }
    let now = clock.now()
    try Quota.check(submitter, adding: bytes, jobs: 0, at: now, in: database)
    let (count, next) = try Inputs.sources(job: row, in: database)
    guard count < Intake.mostFiles else {
      throw Refusal.invalidFields.naming([.init(.files, Intake.tooMany(count + 1))])
    }
    var input = input
    input.createdAt = now
    let id = try Inputs.insert(input, job: row, position: next, in: database)
    if let note {
      try Jobs.setDialectData(id: row, note(Jobs.dialectData(id: row, in: database), id), in: database)
    }
    if let payer = submitter.payer, let limit { limiter.takeFiles(1, payer, limit: limit) }
    return (id, job)
  }

  /// What strangers begin, nobody could know again as theirs.
  func requireKey(_ submitter: Submitter) throws {
    if submitter.isPublic { throw Refusal.secretKeyNeeded }
    if submitter.visitor != nil { throw Refusal.keyNeeded }
  }

  func incomplete(_ row: Int64, _ submitter: Submitter, _ database: Database) throws -> Job {
    guard let job = try Jobs.find(submitter.workspace.id, id: row, in: database) else { throw Refusal.unknownJob }
    guard job.status == .incomplete else { throw job.status.isFinal ? Refusal.jobHasEnded : .jobHasStarted }
    return job
  }

  /// What all files of a job are that named no format; nil where they differ, or are not known yet.
  private static func format(of job: Job, _ database: Database) throws -> String? {
    guard job.sourceFormat == Wish.anyFormat else { return nil }
    let sources = try Inputs.all(job: job.id, in: database).filter { $0.role == .source && $0.status != .failed }
    let formats = Set(sources.map(\.format))
    return formats.count == 1 ? formats.first ?? nil : nil
  }

  /// Throws what keeps a task from being done with the files that the job has.
  private func check(_ job: Job, _ database: Database) throws {
    let inputs = try Inputs.all(job: job.id, in: database)
    let tasks = try Tasks.all(job, in: database)
    for task in tasks {
      func refuse(_ subject: Refusal.Subject, _ problem: String) -> Refusal {
        let refusal = Refusal.invalidFields.naming([.init(subject, problem)])
        return tasks.count > 1 ? refusal.about(task: task.position) : refusal
      }
      let sources = inputs.filter(task.isOver)
      if let wanted = task.inputs, sources.count < Set(wanted).count {
        throw refuse(.files, "a task names files that are not there")
      }
      guard let to = Format.named(task.targetFormat) else { throw Refusal.unsupportedConversion }
      let conversion = Conversion(
        from: Format.named(job.sourceFormat), to: to,
        options: try task.options(among: catalogue.options))
      let count = to == .zip ? min(1, sources.count) : sources.count
      if let (option, text) = catalogue.problem(
        conversion, sources: count, hasOverlay: inputs.contains { $0.role == .overlay })
      {
        throw refuse(option.map { .option($0) } ?? .files, text)
      }
    }
    let sources = inputs.filter { $0.role == .source }
    guard sources.contains(where: { $0.status != .failed }) else {
      throw Refusal.invalidFields.naming([.init(.files, "at least one file is required")])
    }
  }
}
