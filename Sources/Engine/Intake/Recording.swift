import Basics
import Conversion
import Formats
import Storage

/// A submission whose files are in place, on its way into the database.
struct Recording: Sendable {
  let submission: Submission
  /// What its tasks come down to, at least one.
  let wishes: [Wish]
  let submitter: Submitter
  /// The places of the submission's files, in their order.
  let blobs: [String]
  /// Their SHA-256, or none.
  let hashes: [[UInt8]]
  let fingerprint: [UInt8]?
  /// What each of them is.
  let formats: [Format?]
  /// What the files turned out to be, when they all are the same.
  let found: Format?
  let announcing: Announcing?
  let lock: DownloadLock
  let lanes: LaneFinder
  let now: Timestamp

  /// The rows of one job, but for what the database has to say, and where it is done.
  struct Part: Sendable {
    let record: JobRecord
    let lane: Lane
  }

  /// What the lane of a file of a batch hangs on.
  private struct Kind: Hashable {
    let wishes: [Int]
    let formats: Set<Format?>
  }

  var workspace: Int64 { submitter.workspace.id }
  func webhookSecret(_ database: Database) throws -> String? {
    guard submission.webhookURL != nil else { return nil }
    guard submission.signsWithKey, let key = submitter.keyID else { return submission.webhookSecret }
    return try Keys.webhookSecret(id: key, in: database)
  }
  /// A batch that becomes one file has one mail, all others one for each job (Enconvert's page).
  var isMailedAsOne: Bool { submission.batch?.mode == .zip }

  /// How many jobs it becomes.
  var jobs: Int { submission.site != nil ? 0 : submission.batch == nil ? 1 : submission.sources.count }

  /// What becomes a job each, worked out without the database, so that a batch of many files holds the writer for half as long.
  func parts() throws -> [Part] {
    guard submission.site == nil else { return [] }
    let inputs = try inputs()
    let (targets, passwords) = (try submission.targets.map { try $0.row() }, passwords)
    func part(_ inputs: [NewInput], _ wishes: [Wish], _ lane: Lane) -> Part {
      Part(record: record(inputs, wishes, lane, targets: targets, passwords: passwords), lane: lane)
    }
    guard submission.batch != nil else {
      return [part(inputs, wishes, lanes.lane(of: wishes, over: Set(formats)))]
    }
    let isKnown = formats.count == inputs.count
    var found: [Kind: Lane] = [:]
    return inputs.enumerated().map { number, input in
      let wishes = wishes(over: number)
      let kind = Kind(
        wishes: self.wishes.indices.filter { self.wishes[$0].isOver(number) },
        formats: Set(isKnown ? formats[number...number] : formats[...]))
      let lane = found[kind] ?? lanes.lane(of: wishes, over: kind.formats)
      found[kind] = lane
      return part([input], wishes, lane)
    }
  }

  /// Writes all rows of the submission in the caller's transaction; throws a `Refusal` when a quota is used up.
  func write(_ parts: [Part], _ database: Database) throws -> Intake.Receipt {
    if let site = submission.site { return try open(site, database) }
    let files = submission.files
    let bytes = files.reduce(0) { $0 + $1.size }
    try Quota.check(submitter, adding: bytes, jobs: jobs, at: now, in: database)
    let secret = try webhookSecret(database)
    var receipt = Intake.Receipt(jobID: 0, isReplay: false)
    if let folder = submission.storing?.folderID,
      try StoredFolders.find(workspace, id: folder, in: database) == nil
    {
      throw Refusal.unknownFolder
    }
    if let batch = submission.batch {
      receipt.batchID = try Batches.insert(
        NewBatch(
          workspaceID: workspace, keyID: submitter.keyID, dialect: submission.dialect, mode: batch.mode, total: jobs,
          webhookURL: batch.tellsEach ? nil : submission.webhookURL, webhookSecret: secret,
          notificationEmail: isMailedAsOne ? submission.notificationEmail : nil, createdAt: now), in: database)
    }
    // Asked once, for a batch may have a thousand jobs.
    let isHeard =
      try announcing?.isHeard(
        .submitted, in: workspace, byOwnAddress: submission.webhookURL != nil && submission.tellsEveryChange, database)
      ?? false
    let records = JobRecords(
      records: parts.map { part in
        var record = part.record
        record.row.batchID = receipt.batchID
        record.row.webhookSecret = record.row.webhookURL == nil ? nil : secret
        return record
      })
    let written = try records.write(lanes, isHeard ? announcing : nil, database)
    receipt.jobID = written.job
    receipt.isAnnounced = written.isAnnounced
    receipt.lanes.formUnion(parts.map(\.lane))
    try Usage.add(
      workspace, origin: submitter.origin, jobs: jobs, files: files.count, bytes: bytes, at: now, in: database)
    try Usage.addStored(workspace, bytes, in: database)
    try Activity.add(workspace, submitted: jobs, at: now, in: database)
    if let key = submission.idempotencyKey, let fingerprint {
      try Idempotency.insert(
        workspace, route: submission.route, key: key, job: receipt.jobID, fingerprint: fingerprint, at: now,
        in: database)
    }
    receipt.hasDownloads = parts.contains { $0.record.inputs.contains(where: \.input.content.isElsewhere) }
    return receipt
  }

  /// The sources in their order, and the one to be laid over them last.
  private func inputs() throws -> [NewInput] {
    var taken = 0
    // A job that waits for files cannot say yet what they all are.
    let waits = submission.files.count < submission.sources.count + (submission.overlay == nil ? 0 : 1)
    let known = (waits && submission.batch == nil ? nil : found) ?? (submission.takesAnything ? nil : wishes[0].from)
    func input(_ source: Submission.Source, _ role: Input.Role) throws -> NewInput {
      switch source {
      case .address(let address, let name), .page(let address, let name):
        return NewInput(
          fileName: FileNames.clean(name ?? FileNames.last(of: address)), role: role, .address(address))
      case .cloud(let file): return try NewInput(file, role: role)
      case .stored: throw Refusal.unknownStoredFile
      case .file(let file):
        defer { taken += 1 }
        let hash = hashes.isEmpty ? nil : hashes[taken]
        var row = NewInput(
          fileName: FileNames.clean(file.name), role: role, .file(blob: blobs[taken], size: file.size, sha256: hash))
        if let format = formats[taken], format != known { row.format = format.name }
        row.page = file.page
        return row
      }
    }
    return try submission.sources.map { try input($0, .source) }
      + [submission.overlay].compactMap { $0 }.map { try input($0, .overlay) }
  }

  /// What is to be made of a file that is a job of its own.
  private func wishes(over number: Int) -> [Wish] {
    if submission.extras.contains(.chain) { return wishes }
    return wishes.filter { $0.isOver(number) }.map { wish in
      var own = wish
      own.files = nil
      return own
    }
  }

  /// A job's rows, but for its batch and the secret of its webhooks.
  private func record(
    _ inputs: [NewInput], _ wishes: [Wish], _ lane: Lane, targets: [NewTarget], passwords: [[UInt8]]
  ) -> JobRecord {
    let wish = wishes[0]
    let waits = inputs.contains(where: \.content.isElsewhere)
    let isTold = submission.batch?.tellsEach ?? true
    let tasks = tasks(wishes)
    var row = NewJob(
      workspaceID: workspace, keyID: submitter.keyID, dialect: submission.dialect, conversionType: wish.conversionType,
      sourceFormat: waits ? wish.sourceName(submission) : found?.name ?? wish.sourceName(submission),
      targetFormat: wish.target, options: tasks[0].options,
      idempotencyKey: jobs == 1 ? submission.idempotencyKey : nil, webhookURL: isTold ? submission.webhookURL : nil,
      createdAt: now)
    row.tellsEveryChange = row.webhookURL != nil && submission.tellsEveryChange
    row.notificationEmail = isMailedAsOne ? nil : submission.notificationEmail
    row.status = !submission.starts ? .incomplete : waits ? .downloading : .pending
    row.packsOutputs = submission.packsOutputs
    return JobRecord(
      row: row,
      inputs: inputs.enumerated().map { position, input in
        // More sources may come before what is laid over them.
        (input, input.role == .overlay && !submission.starts ? Intake.mostFiles : position)
      }, tasks: tasks,
      secrets: secrets(wishes) + (lane == .page && isOfStranger ? [.offline] : []), passwords: passwords,
      targets: targets, storing: submission.storing,
      dialectData: submission.dialectData,
      extras: submission.extras,
      mostBytes: submission.mostBytes,
      lane: lane.rawValue)
  }

  /// What a page asks for, this server would ask for in the name of whoever has sent it.
  private var isOfStranger: Bool { submitter.isPublic || submitter.visitor != nil }

  /// Codes over what the outputs may be downloaded with.
  var passwords: [[UInt8]] { submission.downloadPasswords.map(lock.code) }

  /// What a job of these wishes has to know and nobody may see.
  func secrets(_ wishes: [Wish]) -> [JobSecret] {
    submission.secrets
      + wishes.enumerated().flatMap { position, wish in
        wish.options.secrets.map { JobSecret(option: $0.name, of: position, $0.text) }
      }
  }

  func tasks(_ wishes: [Wish]) -> [JobTask] {
    wishes.enumerated().map { position, wish in
      JobTask(
        position: position, conversionType: wish.conversionType, targetFormat: wish.target,
        options: wish.options.json.text, inputs: wish.files)
    }
  }
}
