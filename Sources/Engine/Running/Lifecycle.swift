package import Basics
package import Conversion
package import Formats
package import Storage

/// The steps of a job after it was taken, each one a transaction; the end of a job is fenced by its claim.
package struct Lifecycle: Sendable {
  /// A job that kills this many children fails for good.
  package static let mostWorkerDeaths = 3
  /// How long a job waits after each fault of ours; after one more it fails for good.
  package static let faultDelays: [Duration] = [.seconds(1), .seconds(5), .seconds(30), .seconds(120)]
  package static let mostFaults = faultDelays.count + 1

  /// How long a job waits after each attempt that met a disk that is full or fails; after one more it fails for good.
  package static let diskDelays: [Duration] = [.seconds(5), .seconds(15), .seconds(45), .seconds(120), .seconds(240)]

  /// How long after a job was found that waits and may not be taken it is looked for again.
  static let blockedLook = Duration.seconds(1)

  let store: Store
  /// The room for what jobs, uploads and fetched files write.
  package let room: Room
  let clock: Clock
  let bootID: String
  /// Where those who watch a job hear of it.
  package let hub: EventHub
  let cancellations = Cancellations()
  /// Rung when a job waits.
  let bells: LaneBells
  /// What can be done now.
  package let catalogue: CatalogueSource
  /// Tells whoever fetches files that something has changed.
  let wakeFetcher: @Sendable () -> Void
  /// Tells whoever sends outputs elsewhere the same.
  let wakeUploads: @Sendable () -> Void
  /// Tells whoever searches sites the same.
  let wakeSites: @Sendable () -> Void
  let announcing: Announcing?
  /// True when what a job has failed by stays until its time is over, so that it can be tried again.
  let keepsInputs: Bool

  /// Without `announcing` nobody is told by webhook.
  package init(
    store: Store, clock: Clock, bootID: String, bells: LaneBells = LaneBells(), hub: EventHub = EventHub(),
    catalogue: CatalogueSource = CatalogueSource(), announcing: Announcing? = nil, room: Room? = nil,
    keepsInputs: Bool = false,
    wakeFetcher: @escaping @Sendable () -> Void = {}, wakeSites: @escaping @Sendable () -> Void = {},
    wakeUploads: @escaping @Sendable () -> Void = {}
  ) {
    self.wakeUploads = wakeUploads
    self.keepsInputs = keepsInputs
    self.room = room ?? Room(store: store)
    self.bells = bells
    self.catalogue = catalogue
    self.wakeFetcher = wakeFetcher
    self.wakeSites = wakeSites
    self.announcing = announcing
    self.store = store
    self.clock = clock
    self.bootID = bootID
    self.hub = hub
  }

  /// Which lane a job waits in, by what can be done now.
  var lanes: LaneFinder { LaneFinder(catalogue: catalogue.now) }

  /// Makes every job waiting again that an earlier process had taken; there is only one owner, so nothing is waited for.
  ///
  /// Those of lanes that a later version has brought wait in the first one.
  package func recover() throws -> Int {
    try store.writeBlocking { database in
      try Queue.leave(lanesAbove: Lane.allCases.map(\.rawValue).max() ?? 0, in: database)
      try Downloads.release(in: database)
      try Uploads.release(in: database)
      let jobs = try Queue.recover(bootID: bootID, at: clock.now(), in: database)
      for id in jobs {
        guard let job = try Jobs.load(id: id, in: database), job.status == .processing else { continue }
        try Jobs.setPending(id: id, in: database)
        try count(job, from: .processing, to: .pending, database)
      }
      Failpoint.pass(.duringRecovery)
      return jobs.count
    }
  }

  /// Lets jobs that wait for a time wait no longer and no shorter because the clock was set by `span`.
  package func clockWasSet(by span: Duration) throws {
    try store.writeBlocking { database in
      try Queue.moveDelayed(by: span, in: database)
      try Uploads.move(by: span, in: database)
    }
    wakeUploads()
    bells.ring()
  }

  /// How long a thread that found nothing to take in its lane waits at most before it looks again; nil for until it is rung.
  ///
  /// That is until a delayed job is due, and a second while jobs wait that may not be taken: what they wait for may end in
  /// another lane, or in a plan.
  package func untilNextLook(in lane: Lane) throws -> Duration? {
    try store.read { database in
      guard try !Switches.isOn(.queueIsPaused, in: database) else { return nil }
      let due = try Queue.nextDelayed(in: database).map { min(max(.zero, $0 - clock.now()), Queue.longestDelay) }
      guard try Queue.hasWaiting(lane: lane.rawValue, in: database) else { return due }
      return min(due ?? Lifecycle.blockedLook, Lifecycle.blockedLook)
    }
  }

  /// Stops or resumes the taking of jobs, over restarts too; what runs goes on to its end.
  package func setPaused(_ isPaused: Bool, by actor: Actor? = nil) async throws {
    let now = clock.now()
    try await store.write { database in
      try Switches.set(.queueIsPaused, to: isPaused, in: database)
      try actor?.record(isPaused ? "queue.pause" : "queue.resume", "queue", at: now, in: database)
    }
    if !isPaused { bells.ring() }
  }

  /// Records progress of a long job for those who watch it.
  package func report(_ claim: Claim, _ job: Job, percent: Int) throws {
    let now = clock.now()
    let event: Event? = try store.writeBlocking { database in
      guard try Queue.holds(claim, in: database) else { return nil }
      let event = try Events.insert(
        job.workspaceID, job: job.id, .progress, detail: Events.detail(percent: percent), at: now, in: database)
      return try announce(event, job, database)
    }
    publish(event, job.id)
  }

  /// Ends a job that cannot be done; its input files go where nothing could be made of them, unless they are kept.
  package func fail(_ claim: Claim, _ job: Job, _ failure: ConversionFailure, run: Duration) throws {
    let now = clock.now()
    let (blobs, event): ([String], Event?) = try store.writeBlocking { database in
      guard try Queue.finish(claim, in: database) else { return ([], nil) }
      let event = try end(job, .failed, .init(failure), run, now, database)
      guard failure.code.isInputsFault, !failure.isOfServer, !keepsInputs else { return ([], event) }
      return (try Jobs.takeFiles(job.workspaceID, job: job.id, inputsOnly: true, in: database).blobs, event)
    }
    store.blobs.remove(blobs)
    publish(event, job.id)
  }

  /// Counts a child that died on the job: it waits for another attempt, or fails for good at the third.
  package func countWorkerDeath(_ claim: Claim, _ job: Job, _ failure: ConversionFailure, run: Duration) throws {
    let now = clock.now()
    let event: Event? = try store.writeBlocking { database in
      guard let deaths = try Queue.countWorkerDeath(claim, in: database) else { return nil }
      if deaths < Lifecycle.mostWorkerDeaths {
        try putBack(claim, job, database)
        return nil
      }
      return try Queue.finish(claim, in: database) ? try end(job, .failed, .init(failure), run, now, database) : nil
    }
    if event == nil { store.changes.note(job.workspaceID) }
    publish(event, job.id)
  }

  /// Gives a job back to the queue, because this process stops.
  package func giveBack(_ claim: Claim, _ job: Job) throws {
    try store.writeBlocking { try putBack(claim, job, $0) }
    store.changes.note(job.workspaceID)
  }

  /// Gives a job back to the queue for a while, because the disk is in trouble.
  package func delay(_ claim: Claim, _ job: Job, by span: Duration) throws {
    let due = clock.now() + span
    try store.writeBlocking { try putBack(claim, job, until: due, $0) }
    store.changes.note(job.workspaceID)
  }

  /// Counts a fault of ours on the job: it waits longer each time, and fails for good at the fifth.
  package func countFault(_ claim: Claim, _ job: Job, _ failure: ConversionFailure, run: Duration) throws {
    try countTrouble(claim, job, failure, run, delays: Lifecycle.faultDelays)
  }

  /// Counts an attempt that met a disk that is full or fails: the job waits longer each time, and fails for good at the
  /// sixth.
  package func countDiskTrouble(_ claim: Claim, _ job: Job, _ failure: ConversionFailure, run: Duration) throws {
    try countTrouble(claim, job, failure, run, delays: Lifecycle.diskDelays)
  }

  private func countTrouble(
    _ claim: Claim, _ job: Job, _ failure: ConversionFailure, _ run: Duration, delays: [Duration]
  ) throws {
    let now = clock.now()
    let event: Event? = try store.writeBlocking { database in
      guard let faults = try Queue.countFault(claim, in: database) else { return nil }
      if faults <= delays.count {
        try putBack(claim, job, until: now + delays[faults - 1], database)
        return nil
      }
      return try Queue.finish(claim, in: database) ? try end(job, .failed, .init(failure), run, now, database) : nil
    }
    if event == nil { store.changes.note(job.workspaceID) }
    publish(event, job.id)
  }

  /// Ends a workspace's job that waits or, unless `onlyWaiting`, runs, and its files go; false for any other, which stays.
  ///
  /// Throws `Refusal.unknownJob`.
  package func cancel(
    _ workspace: Int64, row: Int64, onlyWaiting: Bool = false, by actor: Actor? = nil
  ) async throws -> Bool {
    let now = clock.now()
    let canceled: (blobs: [String], event: Event)? = try await store.write { database in
      guard let job = try Jobs.find(workspace, id: row, in: database) else { throw Refusal.unknownJob }
      guard !(onlyWaiting && job.status == .processing), let stopped = try stop(job, at: now, database) else {
        return nil
      }
      try actor?.record("job.cancel", store.identifiers.text(.request, row), at: now, in: database)
      return stopped
    }
    guard let canceled else { return false }
    stopWork(on: row)
    store.blobs.remove(canceled.blobs)
    publish(canceled.event, row)
    return true
  }

  /// Deletes a workspace's job with its files, whatever its state: one that waits or runs is canceled first.
  ///
  /// Throws `Refusal.unknownJob`.
  package func delete(_ workspace: Int64, row: Int64, by actor: Actor? = nil) async throws {
    let now = clock.now()
    let (blobs, event): ([String], Event?) = try await store.write { database in
      guard let job = try Jobs.find(workspace, id: row, in: database) else { throw Refusal.unknownJob }
      let canceled = try stop(job, at: now, database)
      let blobs = try Jobs.takeFiles(workspace, job: row, in: database).blobs
      try Jobs.delete(workspace, id: row, in: database)
      try actor?.record("job.delete", store.identifiers.text(.request, row), at: now, in: database)
      return ((canceled?.blobs ?? []) + blobs, canceled?.event)
    }
    if event != nil { stopWork(on: row) }
    store.blobs.remove(blobs)
    publish(event, row)
    if event == nil { store.changes.note(workspace) }
  }

  /// Cancels a job and counts it in its batch, in the caller's transaction; nil when it has ended already.
  private func stop(_ job: Job, at now: Timestamp, _ database: Database) throws -> (blobs: [String], event: Event)? {
    guard !job.status.isFinal else { return nil }
    let (blobs, event) = try cancel(job, at: now, database)
    return (blobs, try settle(batchOf: job, .canceled, event, now, database))
  }

  /// Ends a job that waits or runs, in the caller's transaction; what works on it is stopped by `stopWork` after it.
  func cancel(
    _ job: Job, _ reason: JobFailure? = nil, at now: Timestamp, _ database: Database
  ) throws -> (blobs: [String], event: Event) {
    let blobs = try Jobs.takeFiles(job.workspaceID, job: job.id, in: database).blobs
    try Queue.remove(job: job.id, in: database)
    try Downloads.removeAll(job: job.id, in: database)
    try Jobs.setFinished(
      id: job.id, status: .canceled, errorCode: reason?.code, errorMessage: reason?.message, run: .zero, at: now,
      in: database)
    try count(job, from: job.status, to: .canceled, database)
    let event = try Events.insert(job.workspaceID, job: job.id, .canceled, at: now, in: database)
    return (blobs, try announce(event, job, database))
  }

  /// Stops what converts, fetches or sends for a job that was canceled.
  func stopWork(on job: Int64) {
    cancellations.cancel(job)
    wakeFetcher()
    wakeUploads()
  }

  /// Makes a failed or canceled job wait again; throws `Refusal.notRetryable` when its files or its secrets are gone.
  package func retry(row: Int64, by actor: Actor? = nil) async throws {
    let now = clock.now()
    let workspace = try await store.write { database in
      guard let job = try Jobs.load(id: row, in: database) else { throw Refusal.unknownJob }
      let inputs = try Inputs.all(job: row, in: database)
      guard job.status == .failed || job.status == .canceled, !inputs.isEmpty, inputs.allSatisfy({ $0.blob != nil }),
        !job.extras.contains(.secrets)
      else { throw Refusal.notRetryable }
      try reopen(batchOf: job, database)
      try Jobs.setAgain(id: row, .pending, in: database)
      try LastWords.set("", job: row, in: database)
      try Queue.insert(
        job.workspaceID, job: row, lane: lanes.lane(of: job, in: database).rawValue, at: now, in: database)
      try count(job, from: job.status, to: .pending, database)
      // What is tried again is counted again when it ends.
      try Activity.add(job.workspaceID, submitted: 1, at: now, in: database)
      try actor?.record("job.retry", store.identifiers.text(.request, row), at: now, in: database)
      return job.workspaceID
    }
    bells.ring()
    store.changes.note(workspace)
  }

  func publish(_ event: Event?, _ job: Int64) {
    guard let event else { return }
    hub.publish(event, job: job)
    store.changes.note(event.workspaceID)
    if event.isAnnounced { announcing?.ring() }
    if event.makesWork { bells[.quick].ring() }
  }

  /// Writes the webhooks of a job's event; nobody is told of a job that only packs a batch, for the batch itself is told.
  func announce(_ event: Event, _ job: Job, _ database: Database) throws -> Event {
    guard try isHeard(event.kind, job, database) else { return event }
    var event = event
    if try write(event, job, database) { event.isAnnounced = true }
    return event
  }

  /// False when nobody would be told of such an event of a job, so that it need not be worded.
  func isHeard(_ kind: EventKind, _ job: Job, _ database: Database) throws -> Bool {
    guard let announcing, try !isArchive(job, database) else { return false }
    return try announcing.isHeard(
      kind, in: job.workspaceID, byOwnAddress: job.tellsOwnAddress(of: kind), database)
  }

  /// Writes the webhooks of an event that is heard; true when there are any.
  func write(_ event: Event, _ job: Job, _ database: Database) throws -> Bool {
    try announcing?.write(event, job: job.id, at: event.createdAt, in: database) ?? false
  }

  private func putBack(_ claim: Claim, _ job: Job, until due: Timestamp? = nil, _ database: Database) throws {
    let isOurs =
      if let due { try Queue.delay(claim, until: due, in: database) } else { try Queue.giveBack(claim, in: database) }
    guard isOurs else { return }
    try Jobs.setPending(id: job.id, in: database)
    try count(job, from: .processing, to: .pending, database)
  }

  /// Counts a job's step from one state to the next; an archive was submitted by nobody, so nowhere does it count.
  func count(_ job: Job, from: JobStatus, to: JobStatus, _ database: Database) throws {
    guard try !isArchive(job, database) else { return }
    try Usage.move(job.workspaceID, from: from, to: to, in: database)
  }

  /// Ends a job for good, in the caller's transaction.
  func end(
    _ job: Job, _ status: JobStatus, _ failure: JobFailure?, _ run: Duration, _ now: Timestamp, _ database: Database
  ) throws -> Event {
    try Jobs.setFinished(
      id: job.id, status: status, errorCode: failure?.code, errorMessage: failure?.message, run: run, at: now,
      in: database)
    if let failure, !failure.words.isEmpty { try LastWords.set(failure.words, job: job.id, in: database) }
    if try !isArchive(job, database) {
      try Usage.move(job.workspaceID, from: job.status, to: status, in: database)
      try Usage.add(job.workspaceID, origin: job.origin, milliseconds: run.milliseconds, at: now, in: database)
      let isDone = status == .completed
      try Activity.add(job.workspaceID, completed: isDone ? 1 : 0, failed: isDone ? 0 : 1, at: now, in: database)
    }
    let event = try Events.insert(
      job.workspaceID, job: job.id, status == .completed ? .completed : .failed, at: now, in: database)
    return try settle(batchOf: job, status, announce(event, job, database), now, database)
  }
}

extension Job {
  /// Which of its workspace's figures it counts in.
  var origin: Usage.Origin { keyID == nil ? .pages : .api }
}

extension ConversionFailure.Code {
  /// True when it is about the files or pages, and not about this server.
  var isOfFiles: Bool {
    switch self {
    case .internalError, .canceled, .diskFull, .storageQuota: false
    default: true
    }
  }

  /// True when the same file would fail again anywhere, so that keeping it serves nobody.
  var isInputsFault: Bool {
    switch self {
    case .damagedFile, .formatMismatch, .passwordRequired, .tooManyPixels, .unsupportedConversion, .outputTooLarge: true
    // What a page is may be another thing the next time.
    case .pageStatus, .pageUnreachable, .pageCertificate, .pageTimeout, .pageCrashed, .pageEmpty, .pageIsFile,
      .pageTooLarge, .pageFailed:
      false
    case .timeLimit, .memoryLimit, .converterDied, .diskFull, .storageQuota, .canceled, .internalError: false
    }
  }
}
