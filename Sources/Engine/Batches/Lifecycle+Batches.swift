import Basics
import Conversion
import Formats
import Storage

/// What the end of a job means for its batch; every count changes in the transaction that ends the job.
extension Lifecycle {
  /// What an end in a batch leads to, to be told after the commit.
  struct Sequel {
    /// Webhooks or mail were written.
    var isAnnounced = false
    /// A job was put into the queue.
    var makesWork = false
  }

  /// The format of a batch's archive, and the type of the job that makes it.
  private static let archive = Format.zip

  /// Counts a job that has ended in its batch, and ends the batch with the last one; gives the job's event with what
  /// has to be rung for.
  func settle(
    batchOf job: Job, _ status: JobStatus, _ event: Event, _ now: Timestamp, _ database: Database
  ) throws -> Event {
    if let id = job.batchID {
      try Batches.count(id, status, in: database)
      guard let batch = try Batches.load(id: id, in: database), batch.status == .processing else { return event }
      let event = try tell(batch, job, status, event, now, database)
      guard batch.inProgress == 0, batch.isOpen != true else { return event }
      return event.followed(by: try finish(batch, now, database))
    }
    guard let id = try packedBatch(of: job, database), let batch = try Batches.load(id: id, in: database),
      batch.status == .processing
    else { return event }
    guard status == .completed else {
      return event.followed(by: try close(batch, .failed, "the archive could not be made", now, database))
    }
    return event.followed(by: try close(batch, batch.outcome, batch.errorMessage, now, database))
  }

  /// True for a job that packs the outputs of a batch.
  func isArchive(_ job: Job, _ database: Database) throws -> Bool { try packedBatch(of: job, database) != nil }

  private func packedBatch(of job: Job, _ database: Database) throws -> Int64? {
    job.targetFormat == Lifecycle.archive.name ? try Batches.packed(by: job.id, in: database) : nil
  }

  /// Takes a job that is tried again out of the count; throws `Refusal.notRetryable` when its batch has ended.
  func reopen(batchOf job: Job, _ database: Database) throws {
    if let id = job.batchID {
      guard try Batches.load(id: id, in: database)?.status == .processing else { throw Refusal.notRetryable }
      try Batches.count(id, job.status, by: -1, in: database)
    } else if try isArchive(job, database) {
      throw Refusal.notRetryable
    }
  }

  /// Ends a workspace's batch with all its jobs that wait or run, and all its files go; false for one that has ended
  /// already, which stays.
  ///
  /// Throws `Refusal.unknownBatch`.
  package func cancel(_ workspace: Int64, batch row: Int64, by actor: Actor? = nil) async throws -> Bool {
    let now = clock.now()
    let stopped: Stopped? = try await store.write { database in
      guard let batch = try Batches.find(workspace, id: row, in: database) else { throw Refusal.unknownBatch }
      guard let stopped = try stop(batch, at: now, database) else { return nil }
      try actor?.record("batch.cancel", store.identifiers.text(.batch, row), at: now, in: database)
      return stopped
    }
    guard let stopped else { return false }
    settle(stopped)
    wakeSites()
    store.changes.note(workspace)
    return true
  }

  /// Deletes a workspace's batch with its jobs and their files, whatever its state: one that goes on is canceled first.
  ///
  /// Throws `Refusal.unknownBatch`.
  package func delete(_ workspace: Int64, batch row: Int64) async throws {
    let now = clock.now()
    let stopped: Stopped = try await store.write { database in
      guard let batch = try Batches.find(workspace, id: row, in: database) else { throw Refusal.unknownBatch }
      var stopped = try stop(batch, at: now, database) ?? Stopped()
      for id in try jobs(of: batch, database) {
        stopped.blobs += try Jobs.takeFiles(workspace, job: id, in: database).blobs
        try Jobs.delete(workspace, id: id, in: database)
      }
      try Batches.delete(workspace, id: row, in: database)
      return stopped
    }
    settle(stopped)
    wakeSites()
    store.changes.note(workspace)
  }

  /// Cancels a batch in the caller's transaction; nil when it has ended already.
  private func stop(_ batch: Batch, at now: Timestamp, _ database: Database) throws -> Stopped? {
    guard batch.status == .processing else { return nil }
    var stopped = Stopped()
    for id in try jobs(of: batch, database) {
      guard let job = try Jobs.load(id: id, in: database) else { continue }
      if job.status.isFinal {
        stopped.blobs += try Jobs.takeFiles(batch.workspaceID, job: id, in: database).blobs
      } else {
        try stopped.add(job, cancel(job, at: now, database))
        if job.batchID != nil { try Batches.count(batch.id, .canceled, in: database) }
      }
    }
    if batch.isOpen == true { _ = try Sites.close(batch: batch.id, nil, in: database) }
    try Batches.setFinished(batch.id, .canceled, at: now, in: database)
    return stopped
  }

  private func jobs(of batch: Batch, _ database: Database) throws -> [Int64] {
    try Batches.jobs(batch.id, in: database) + [batch.archiveJobID].compactMap { $0 }
  }

  /// Tells how far a batch is, once for each file that is done.
  private func tell(
    _ batch: Batch, _ job: Job, _ status: JobStatus, _ event: Event, _ now: Timestamp, _ database: Database
  ) throws -> Event {
    guard status != .canceled, batch.total > 1, try isHeard(.progress, job, database) else { return event }
    let done = (batch.total - batch.inProgress) * 100 / batch.total
    // While more may come, nobody knows that it is done.
    let percent = batch.isOpen == true ? min(done, 99) : done
    let progress = try Events.insert(
      batch.workspaceID, batch: batch.id, .progress, detail: Events.detail(percent: percent), at: now, in: database)
    var event = event
    if try write(progress, job, database) { event.isAnnounced = true }
    return event
  }

  /// Lets a batch grow no more, for the reason in `note`, and ends it unless jobs of it are under way; nil when it was
  /// closed before.
  ///
  /// One that has no job at all has failed for that reason.
  func closeSite(batch id: Int64, _ note: String?, _ now: Timestamp, _ database: Database) throws -> Sequel? {
    let mail = try Sites.find(batch: id, in: database)?.template?.notificationEmail
    guard try Sites.close(batch: id, note, in: database), let batch = try Batches.load(id: id, in: database),
      batch.status == .processing
    else { return nil }
    // Where each job would have had a mail of its own, and there is none.
    if batch.total == 0, let mail { try Batches.setMail(id, mail, in: database) }
    if batch.total == 0 { return try close(batch, .failed, note ?? "no page was found", now, database) }
    return batch.inProgress == 0 ? try finish(batch, now, database) : Sequel()
  }

  /// None of its jobs is under way any more: packs what they made, or ends the batch.
  private func finish(_ batch: Batch, _ now: Timestamp, _ database: Database) throws -> Sequel {
    guard batch.mode == .zip, batch.completed > 0 else {
      return try close(batch, batch.outcome, batch.errorMessage, now, database)
    }
    let job = try Jobs.insert(
      NewJob(
        workspaceID: batch.workspaceID, dialect: batch.dialect, conversionType: Lifecycle.archive.category.rawValue,
        sourceFormat: Wish.anyFormat, targetFormat: Lifecycle.archive.name, createdAt: now), in: database)
    try Batches.setArchiveJob(batch.id, job, in: database)
    try Inputs.takeOutputs(batch: batch.id, for: job, in: database)
    try DownloadPasswords.take(fromBatch: batch.id, job: job, in: database)
    try Queue.insert(batch.workspaceID, job: job, at: now, in: database)
    return Sequel(makesWork: true)
  }

  private func close(
    _ batch: Batch, _ status: Batch.Status, _ message: String?, _ now: Timestamp, _ database: Database
  ) throws -> Sequel {
    try Batches.setFinished(batch.id, status, message, at: now, in: database)
    let isGood = status == .completed || status == .partial
    let end = try Events.insert(
      batch.workspaceID, batch: batch.id, isGood ? .completed : .failed, at: now, in: database)
    return Sequel(isAnnounced: try announcing?.write(end, batch: batch.id, at: now, in: database) ?? false)
  }
}

extension Event {
  /// With what its consequences in a batch lead to.
  fileprivate func followed(by sequel: Lifecycle.Sequel) -> Event {
    var event = self
    event.isAnnounced = event.isAnnounced || sequel.isAnnounced
    event.makesWork = event.makesWork || sequel.makesWork
    return event
  }
}
