import Basics
import Conversion
import Formats
import Storage

/// The steps of a job whose files come from elsewhere, before it waits in the queue.
extension Lifecycle {
  /// Takes the next file that is to be fetched; workspaces take turns.
  func claimDownload(after workspace: Int64, most: Int) throws -> Pickup? {
    try store.writeBlocking(lazily: true) { database in
      try Downloads.claim(after: workspace, most: most, in: database)
        ?? (workspace > 0 ? Downloads.claim(after: 0, most: most, in: database) : nil)
    }
  }

  /// What became of a file that was fetched.
  enum Arrival: Equatable {
    case stored
    /// The job has ended meanwhile, and nothing was changed.
    case unwanted
    /// The workspace's plan has no room for it, and nothing was changed; it has so many bytes.
    case overQuota(Int64)
  }

  /// Puts a file that was fetched in its place; with the last one the job waits in the queue.
  func finishDownload(
    _ pickup: Pickup, blob: String, size: Int64, sha256: [UInt8], _ format: Format?, name: String? = nil
  ) throws -> Arrival {
    let now = clock.now()
    let (arrival, isLast): (Arrival, Bool) = try store.writeBlocking { database in
      let workspace = pickup.workspaceID
      if let most = try Quota.excess(of: size, in: workspace, database) { return (.overQuota(most), false) }
      guard try Downloads.remove(pickup, in: database),
        let job = try Jobs.load(id: pickup.jobID, in: database),
        try Inputs.setReady(
          id: pickup.inputID, blob: blob, size: size, sha256: sha256,
          format: format == Format.named(job.sourceFormat) ? nil : format?.name, at: now, in: database)
      else { return (.unwanted, false) }
      if let name { try Inputs.setName(id: pickup.inputID, name, in: database) }
      try Usage.addStored(workspace, size, in: database)
      try Usage.add(workspace, origin: job.origin, files: 1, bytes: size, at: now, in: database)
      // One that was not started waits for that, whatever it has.
      guard job.status != .incomplete, try !Downloads.hasAny(job: pickup.jobID, in: database) else {
        return (.stored, false)
      }
      try Jobs.setPending(id: pickup.jobID, in: database)
      let lane = try lanes.lane(of: job, in: database)
      try Queue.insert(workspace, job: pickup.jobID, lane: lane.rawValue, at: now, in: database)
      try count(job, from: job.status, to: .pending, database)
      // The only file tells what the job converts.
      let sources = try Inputs.all(job: pickup.jobID, in: database).filter { $0.role == .source }
      if let format, sources.count == 1, sources[0].id == pickup.inputID,
        job.sourceFormat == Wish.anyFormat
      {
        try Jobs.setSource(id: pickup.jobID, format.name, in: database)
      }
      return (.stored, true)
    }
    if isLast { bells.ring() }
    store.changes.note(pickup.workspaceID)
    return arrival
  }

  /// Ends the job of a file that cannot be had, with all its other files.
  func failDownload(_ pickup: Pickup, _ failure: JobFailure) throws {
    let now = clock.now()
    let (blobs, event): ([String], Event?) = try store.writeBlocking { database in
      guard try Downloads.remove(pickup, in: database),
        let job = try Jobs.load(id: pickup.jobID, in: database)
      else { return ([], nil) }
      try Inputs.setFailed(id: pickup.inputID, failure.message, at: now, in: database)
      if job.extras.contains(.forgivesInputs), try goesOn(job, at: now, database) { return ([], nil) }
      try Downloads.removeAll(job: pickup.jobID, in: database)
      let event = try end(job, .failed, failure, .zero, now, database)
      return (try Jobs.takeFiles(job.workspaceID, job: job.id, inputsOnly: true, in: database).blobs, event)
    }
    if event == nil { bells.ring() }
    store.changes.note(pickup.workspaceID)
    store.blobs.remove(blobs)
    publish(event, pickup.jobID)
    // Its other files need not be fetched any more.
    if event != nil { wakeFetcher() }
  }

  /// True when a job that has lost a file still has others, or is not started; with the last one it waits in the queue.
  private func goesOn(_ job: Job, at now: Timestamp, _ database: Database) throws -> Bool {
    guard job.status != .incomplete, try !Downloads.hasAny(job: job.id, in: database) else { return true }
    let inputs = try Inputs.all(job: job.id, in: database)
    guard inputs.contains(where: { $0.role == .source && $0.status == .ready }) else { return false }
    try Jobs.setPending(id: job.id, in: database)
    let lane = try lanes.lane(of: job, in: database)
    try Queue.insert(job.workspaceID, job: job.id, lane: lane.rawValue, at: now, in: database)
    try count(job, from: job.status, to: .pending, database)
    return true
  }

  /// Lets a file wait again, because the disk is in trouble or the process stops.
  func releaseDownload(_ pickup: Pickup) throws {
    try store.writeBlocking { try Downloads.release(input: pickup.inputID, in: $0) }
  }

  /// True while somebody waits for a file.
  func isWanted(_ pickup: Pickup) throws -> Bool {
    try store.read { try Downloads.isListed(input: pickup.inputID, in: $0) }
  }
}
