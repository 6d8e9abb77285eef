import Basics
import Conversion
import Formats
import Storage

/// The end of a job that was done.
extension Lifecycle {
  /// Publishes the outputs; false when the claim is no longer ours, and then nothing was published.
  func complete(
    _ claim: Claim, _ job: Job, outputs: [NewOutput], blobs: [String], run: Duration,
    without failure: ConversionFailure? = nil
  ) throws -> Bool {
    guard let copies = try storedCopies(of: job, blobs) else {
      return try complete(claim, job, outputs: outputs, blobs: blobs, copies: nil, run: run, without: failure).value
    }
    return try store.blobs.link(copies.blobs) { names in
      try complete(
        claim, job, outputs: outputs, blobs: blobs, copies: copies.named(names), run: run, without: failure)
    }
  }

  /// Gives those names of `copies` that no file is stored under, too.
  private func complete(
    _ claim: Claim, _ job: Job, outputs: [NewOutput], blobs: [String], copies: StoredCopies?, run: Duration,
    without failure: ConversionFailure?
  ) throws -> (value: Bool, left: [String]) {
    let now = clock.now()
    typealias Result = (packed: [String], isOurs: Bool, event: Event?, kept: StoredCopies.Kept)
    let (packed, isOurs, event, kept): Result = try store.writeBlocking { database in
      guard try Queue.finish(claim, in: database) else { return ([], false, nil, .init()) }
      try requireRoom(for: outputs, of: job, database)
      var rows: [Int64] = []
      for (position, output) in outputs.enumerated() {
        try Outputs.insert(output, job: job.id, position: position, blob: blobs[position], at: now, in: database)
        rows.append(database.lastRow)
      }
      try Usage.addStored(job.workspaceID, outputs.reduce(0) { $0 + $1.size }, in: database)
      let kept = try copies.map { try keep($0, of: job, outputs, rows, at: now, database) } ?? .init()
      if try listUploads(job, at: now, database) {
        try countRun(job, run, at: now, database)
        return ([], true, nil, kept)
      }
      let event = try end(job, .completed, failure.map { JobFailure($0) }, run, now, database)
      // What an archive holds of a batch is not kept twice, nor is what was only copied.
      let packed =
        try job.extras.contains(.copiesFiles) || isArchive(job, database)
        ? Jobs.takeFiles(job.workspaceID, job: job.id, inputsOnly: true, in: database).blobs : []
      return (packed, true, event, kept)
    }
    store.blobs.remove(packed)
    publish(event, job.id)
    if isOurs, event == nil {
      store.changes.note(job.workspaceID)
      wakeUploads()
    }
    if kept.isAnnounced { announcing?.ring() }
    return (isOurs, copies?.names.filter { !kept.names.contains($0) } ?? [])
  }

  /// Throws when what was uploaded meanwhile has taken the room that the outputs were granted.
  private func requireRoom(for outputs: [NewOutput], of job: Job, _ database: Database) throws {
    let bytes = outputs.reduce(0) { $0 + $1.size }
    guard let most = try Quota.excess(of: bytes, in: job.workspaceID, database), try !isArchive(job, database) else {
      return
    }
    throw RoomLimit.workspace(most).failure(.known(bytes))
  }
}
