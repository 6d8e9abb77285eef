import Basics
import Conversion
import Formats
import Storage

/// What the end of a job means for its batch; every count changes in the transaction that ends the job.
extension Lifecycle {
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
      return batch.inProgress == 0 ? try finish(batch, event, now, database) : event
    }
    guard let id = try packedBatch(of: job, database), let batch = try Batches.load(id: id, in: database),
      batch.status == .processing
    else { return event }
    guard status == .completed else {
      return try close(batch, .failed, "the archive could not be made", event, now, database)
    }
    return try close(batch, batch.outcome, nil, event, now, database)
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
  package func cancel(_ workspace: Int64, batch row: Int64) async throws -> Bool {
    let now = clock.now()
    let stopped: Stopped? = try await store.write { database in
      guard let batch = try Batches.find(workspace, id: row, in: database) else { throw Refusal.unknownBatch }
      return try stop(batch, at: now, database)
    }
    guard let stopped else { return false }
    settle(stopped)
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
    guard let announcing, status != .canceled, batch.total > 1 else { return event }
    let percent = (batch.total - batch.inProgress) * 100 / batch.total
    let progress = try Events.insert(
      batch.workspaceID, batch: batch.id, .progress, detail: Events.detail(percent: percent), at: now, in: database)
    var event = event
    if try announcing.write(progress, job: job.id, at: now, in: database) { event.isAnnounced = true }
    return event
  }

  /// None of its jobs is under way any more: packs what they made, or ends the batch.
  private func finish(_ batch: Batch, _ event: Event, _ now: Timestamp, _ database: Database) throws -> Event {
    guard batch.mode == .zip, batch.completed > 0 else {
      return try close(batch, batch.outcome, nil, event, now, database)
    }
    let job = try Jobs.insert(
      NewJob(
        workspaceID: batch.workspaceID, dialect: batch.dialect, conversionType: Lifecycle.archive.category.rawValue,
        sourceFormat: Wish.anyFormat, targetFormat: Lifecycle.archive.name, createdAt: now), in: database)
    try Batches.setArchiveJob(batch.id, job, in: database)
    try Inputs.takeOutputs(batch: batch.id, for: job, in: database)
    try DownloadPasswords.take(fromBatch: batch.id, job: job, in: database)
    try Queue.insert(batch.workspaceID, job: job, at: now, in: database)
    var event = event
    event.makesWork = true
    return event
  }

  private func close(
    _ batch: Batch, _ status: Batch.Status, _ message: String?, _ event: Event, _ now: Timestamp, _ database: Database
  ) throws -> Event {
    try Batches.setFinished(batch.id, status, message, at: now, in: database)
    let isGood = status == .completed || status == .partial
    let end = try Events.insert(
      batch.workspaceID, batch: batch.id, isGood ? .completed : .failed, at: now, in: database)
    var event = event
    if try announcing?.write(end, batch: batch.id, at: now, in: database) ?? false { event.isAnnounced = true }
    return event
  }
}
