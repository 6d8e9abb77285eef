import Basics
import Conversion
import Formats
import Glibc
package import Storage

/// Takes a submission: checks it, puts its files in place, and records its jobs in one transaction.
package struct Intake: Sendable {
  /// A job that was taken now, or the earlier one that the same idempotency key made.
  package struct Receipt: Sendable, Equatable {
    /// The only job, or the first one of a batch.
    package internal(set) var jobID: Int64
    package internal(set) var batchID: Int64?
    package let isReplay: Bool
    /// True when webhooks about it were written with it.
    var isAnnounced = false
    /// True when files are to be fetched first.
    var hasDownloads = false
    /// The lanes in which its jobs wait.
    var lanes: Set<Lane> = []
  }

  /// More files make no sense in one request, and their rows would hold up everybody else's.
  package static let mostFiles = 1000

  /// The same of targets in one job.
  package static let mostTasks = 1000

  /// What is wrong with so many files.
  package static func tooMany(_ count: Int) -> String { "\(count) files are more than the \(mostFiles) allowed" }

  let store: Store
  /// What can be done while one request is answered.
  private(set) var catalogue: Catalogue
  let blocking: Blocking
  let clock: Clock
  let bells: LaneBells
  let wakeFetcher: @Sendable () -> Void
  private let wakeSites: @Sendable () -> Void
  let announcing: Announcing?
  let lock: DownloadLock
  let limiter: RateLimiter
  let hub: EventHub

  /// A bell is rung for every job that is taken; `wakeFetcher` tells of files that are to be fetched, and `wakeSites` of
  /// sites that are to be searched.
  init(
    store: Store, catalogue: Catalogue, blocking: Blocking, clock: Clock, bells: LaneBells,
    wakeFetcher: @escaping @Sendable () -> Void, wakeSites: @escaping @Sendable () -> Void, announcing: Announcing?,
    limiter: RateLimiter, hub: EventHub
  ) {
    self.hub = hub
    self.limiter = limiter
    self.announcing = announcing
    self.store = store
    lock = DownloadLock(store: store, clock: clock)
    self.catalogue = catalogue
    self.blocking = blocking
    self.clock = clock
    self.bells = bells
    self.wakeFetcher = wakeFetcher
    self.wakeSites = wakeSites
  }

  var lanes: LaneFinder { LaneFinder(catalogue: catalogue) }

  /// The same for a request that comes now.
  func seeing(_ catalogue: Catalogue) -> Intake {
    var intake = self
    intake.catalogue = catalogue
    return intake
  }

  /// Throws a `Refusal` when no job can be taken at the moment; asked before a body is read, so that a client that would
  /// be refused need not send it.
  package func requireRoom() throws {
    if let failure = store.failure { throw failure }
    switch try store.shortage() {
    case .disk: throw Refusal.storageFull
    case .queue: throw Refusal.queueFull
    case nil: return
    }
  }

  /// Stores the jobs durably before it returns; throws a `Refusal` for whatever the client can mend.
  ///
  /// On any error the files are still in the spool or gone, and nothing else remains; only when the disk fails within the
  /// commit the job may be there after the next start, so its files stay.
  package func submit(_ submission: Submission, by holder: KeyHolder) async throws -> Receipt {
    try await submit(submission, by: Submitter(holder))
  }

  /// The same for anybody who may submit.
  package func submit(_ submission: Submission, by submitter: Submitter) async throws -> Receipt {
    try requireRoom()
    var submission = submission.takingShortForms()
    if let key = submitter.keyID, submitter.isPublic {
      try PublicSubmission.check(submission)
      // What strangers send in its name must not meet the keys of the workspace's own requests.
      submission.route += " of public key \(key)"
    }
    if let visitor = submitter.visitor {
      try VisitorSubmission.check(submission)
      // The same among strangers who share a workspace.
      submission.route += " of visitor \(visitor)"
    }
    submission = try followingSteps(submission, submitter)
    let wishes = try wishes(submission, submitter)
    submission = try openingStorages(submission, submitter)
    try check(submission, submitter)
    submission = try await takingStored(submission, submitter)
    submission = try submission.site == nil ? submission.puttingPages(into: store.spool) : submission.takingAddress()
    let receipt: Receipt
    if submission.files.isEmpty {
      // Without a file there is nothing else to sync, and the writer gathers as many of these as come.
      let findings = try inspect(submission, wishes)
      let recording = recording(submission, wishes, submitter, findings, blobs: [])
      let parts = try recording.parts()
      receipt = try await store.write { try record(recording, parts, $0) }
      ring(for: receipt)
    } else {
      // One change of threads for all that waits for the disk, the commit included.
      receipt = try await blocking.run(heavy: Intake.isHeavy(submission)) { [submission] in
        try takeFiles(submission, wishes, submitter)
      }
    }
    Failpoint.pass(.beforeAnswer)
    if !receipt.isReplay { store.changes.note(submitter.workspace.id) }
    if receipt.hasDownloads { wakeFetcher() }
    if submission.site != nil, !receipt.isReplay { wakeSites() }
    return receipt
  }

  /// Wakes who works on the jobs and who tells of them.
  private func ring(for receipt: Receipt) {
    guard !receipt.isReplay else { return }
    for lane in receipt.lanes { bells[lane].ring() }
    if receipt.isAnnounced { announcing?.ring() }
  }

  /// True for what the disk takes so long for that others must not wait behind several of its kind.
  private static func isHeavy(_ submission: Submission) -> Bool {
    let files = submission.files
    return files.count > 4 || files.reduce(0) { $0 + $1.size } > 8 << 20
  }

  /// Puts the files in place and records the jobs; blocks for as long as the disk takes.
  private func takeFiles(_ submission: Submission, _ wishes: [Wish], _ submitter: Submitter) throws -> Receipt {
    let findings = try inspect(submission, wishes)
    if let fingerprint = findings.fingerprint,
      let earlier = try store.read({ try replay(submission, fingerprint, submitter, $0) })
    {
      return earlier
    }
    return try store.blobs.place(submission.files.map(\.path)) { blobs in
      do {
        let recording = recording(submission, wishes, submitter, findings, blobs: blobs)
        let parts = try recording.parts()
        for file in submission.files { file.keeper.handOver() }
        let receipt = try store.writeBlocking { try record(recording, parts, $0) }
        // Here already, for the request's own thread has its turn later.
        ring(for: receipt)
        if receipt.isReplay { store.blobs.remove(blobs) }
        return receipt
      } catch {
        if !store.hasStoppedWriting { store.blobs.remove(blobs) }
        throw error
      }
    }
  }

  private func recording(
    _ submission: Submission, _ wishes: [Wish], _ submitter: Submitter, _ findings: Findings, blobs: [String]
  ) -> Recording {
    Recording(
      submission: submission, wishes: wishes, submitter: submitter, blobs: blobs, hashes: findings.hashes,
      fingerprint: findings.fingerprint, formats: findings.formats, found: findings.found, announcing: announcing,
      lock: lock, lanes: lanes, now: clock.now())
  }

  /// In the writer's transaction, where a twin of this request may have come first.
  private func record(_ recording: Recording, _ parts: [Recording.Part], _ database: Database) throws -> Receipt {
    if let fingerprint = recording.fingerprint,
      let earlier = try replay(recording.submission, fingerprint, recording.submitter, database)
    {
      return earlier
    }
    // A repetition costs nothing, so all that may be refused for its number comes after it.
    let submitter = recording.submitter
    let limit = submitter.plan.filesPerMinute
    if let payer = submitter.payer, let limit { try limiter.requireFiles(payer, limit: limit) }
    let most = try store.admit(
      recording.jobs, of: submitter.workspace.id, most: submitter.plan.waitingJobs, in: database)
    if let most { throw Refusal.tooManyWaiting(most) }
    let receipt = try recording.write(parts, database)
    // On the writer's thread, where no other request of the key comes between the question and the count.
    if let payer = submitter.payer, let limit {
      limiter.takeFiles(recording.submission.site == nil ? recording.submission.sources.count : 0, payer, limit: limit)
    }
    return receipt
  }

  /// What the tasks come down to; a refusal says which of several it is about.
  private func wishes(_ submission: Submission, _ submitter: Submitter) throws -> [Wish] {
    if submission.extras.contains(.copiesFiles) { return [try Wish.copying(submission)] }
    var before: Wish?
    let wishes = try submission.tasks.enumerated().map { number, task in
      do {
        guard submission.extras.contains(.chain), let last = before else {
          let wish = try Wish(submission, task, preset(task, submitter), catalogue)
          before = wish
          return wish
        }
        var wish = try Wish(submission.goingOn(as: last.to), task, nil, catalogue)
        // Its files are not there yet.
        wish.files = []
        before = wish
        return wish
      } catch let refusal as Refusal where submission.tasks.count > 1 {
        throw refusal.about(task: number)
      }
    }
    guard wishes.count <= Intake.mostTasks else {
      throw Refusal.invalidFields.naming([
        .init(.target, "\(wishes.count) targets are more than the \(Intake.mostTasks) allowed")
      ])
    }
    if submission.batch != nil, !submission.starts {
      throw Refusal.invalidFields.naming([.init(.files, "files that become jobs of their own come with the request")])
    }
    if submission.batch != nil,
      let idle = submission.sources.indices.first(where: { file in !wishes.contains { $0.isOver(file) } })
    {
      throw Refusal.invalidFields.naming([.init(.files, "nothing is to be made of file \(idle + 1)")])
    }
    if submission.site != nil { try Intake.checkSite(submission, wishes) }
    return wishes
  }

  /// A site begins at one address of a page, and what is made of its pages is made of all of them.
  private static func checkSite(_ submission: Submission, _ wishes: [Wish]) throws {
    guard submission.batch != nil, submission.sources.count == 1, submission.opensPages else {
      throw Refusal.invalidFields.naming([
        .init(
          submission.sources.count == 1 ? .source : .files, "a site is given by one address, as a \(Format.url.name)")
      ])
    }
    guard wishes.allSatisfy({ $0.files == nil }) else {
      throw Refusal.invalidFields.naming([.init(.files, "a task over some files only cannot be done with a site")])
    }
  }

  /// The preset that a task names.
  private func preset(_ task: Submission.Task, _ submitter: Submitter) throws -> Preset? {
    guard let name = task.preset else { return nil }
    return try store.read { try Intake.preset(name, of: submitter.workspace.id, in: $0) }
  }

  /// The preset of that name; throws a `Refusal` that lists the workspace's when there is none.
  static func preset(_ name: String, of workspace: Int64, in database: Database) throws -> Preset {
    if let preset = try Presets.find(workspace, name: name, in: database) { return preset }
    let names = try Presets.all(workspace, in: database).map(\.name).joined(separator: ", ")
    throw Refusal.invalidFields.naming([
      .init(.preset, "\"\(name)\" is not a preset of this workspace; valid: \(names.isEmpty ? "none yet" : names)")
    ])
  }

  /// What a plan must have, and what is wrong beside the conversion itself.
  private func check(_ submission: Submission, _ submitter: Submitter) throws {
    try store.read { database in
      if submission.webhookURL != nil { try Feature.webhooks.check(submitter.plan, in: database) }
      if submission.notificationEmail != nil { try Feature.mail.check(submitter.plan, in: database) }
      // A visitor may do what the rows for visitors do, whatever the plan that bounds them has for those with a key.
      if submission.batch != nil && submitter.visitor == nil { try Feature.batches.check(submitter.plan, in: database) }
    }
    if submission.webhookURL != nil, let announcing, announcing.announcer.ownStyle(of: submission.dialect) == nil {
      throw Refusal.invalidFields.naming([.init(.webhook, "cannot be told: this API has no webhooks")])
    }
    guard submission.sources.count <= Intake.mostFiles else {
      throw Refusal.invalidFields.naming([
        .init(.files, Intake.tooMany(submission.sources.count))
      ])
    }
    try submission.checkPlaces()
    if let key = submission.idempotencyKey { try Intake.checkKey(key) }
  }

  /// 1 to 255 visible ASCII characters; never shortened.
  private static func checkKey(_ key: String) throws {
    let isVisible = key.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    guard isVisible, (1...255).contains(key.utf8.count) else { throw Refusal.badIdempotencyKey }
  }

  /// What the files of a submission are.
  private struct Findings {
    /// What a repetition is known by; nil without a key for it.
    var fingerprint: [UInt8]?
    var hashes: [[UInt8]] = []
    /// What each of them is.
    var formats: [Format?] = []
    /// The one format of all files, when the client named none.
    var found: Format?
  }

  /// Looks at the first bytes of each file, and hashes the files when the fingerprint is needed.
  private func inspect(_ submission: Submission, _ wishes: [Wish]) throws -> Findings {
    let checks = wishes.map { SourceCheck(catalogue: catalogue, from: $0.from, to: $0.to, options: $0.options) }
    var wrong = WrongFields()
    var findings = Findings()
    func look(_ source: Submission.Source?, _ subject: Refusal.Subject, _ checks: some Sequence<SourceCheck>) throws {
      guard case .file(let file)? = source else { return }
      let type = try Sniffer.type(ofFileAt: file.path)
      if submission.extras.contains(.copiesFiles) { return findings.formats.append(type.best(named: file.name)) }
      let checks = Array(checks)
      findings.formats.append(checks.first?.format(of: type, named: file.name))
      if let problem = checks.problem(of: type) {
        wrong.append(subject, "\(FileNames.clean(file.name)) \(problem)")
      }
    }
    for (number, source) in submission.sources.enumerated() {
      try look(source, .files, zip(wishes, checks).lazy.filter { $0.0.isOver(number) }.map(\.1))
    }
    let kinds = Set(findings.formats)
    if submission.takesAnything, kinds.count == 1 { findings.found = kinds.first ?? nil }
    if case .file(let file)? = submission.overlay {
      let type = try Sniffer.type(ofFileAt: file.path)
      findings.formats.append(
        SourceCheck(catalogue: catalogue, from: nil, to: .png).format(of: type, named: file.name))
      let problem = zip(wishes, checks).compactMap { $1.problemOfOverlay(type, $0.options) }.first
      if let problem { wrong.append(.overlay, "\(FileNames.clean(file.name)) \(problem)") }
    }
    guard wrong.isEmpty else { throw Refusal.invalidFile.naming(wrong) }
    guard submission.idempotencyKey != nil else { return findings }
    findings.hashes = try submission.files.map { try FileHash.sha256($0.path) }
    findings.fingerprint = submission.fingerprint(hashes: findings.hashes)
    return findings
  }

  private func replay(_ submission: Submission, _ fingerprint: [UInt8], _ submitter: Submitter, _ database: Database)
    throws -> Receipt?
  {
    guard let key = submission.idempotencyKey,
      let entry = try Idempotency.find(
        submitter.workspace.id, route: submission.route, key: key, at: clock.now(), in: database)
    else { return nil }
    guard entry.fingerprint == fingerprint else { throw Refusal.idempotencyMismatch }
    guard let job = entry.jobID else { return Receipt(jobID: 0, batchID: entry.batchID, isReplay: true) }
    let batch = try Jobs.find(submitter.workspace.id, id: job, in: database)?.batchID
    return Receipt(jobID: job, batchID: batch, isReplay: true)
  }
}
