import Basics
import Storage

/// The steps of a job whose outputs are sent elsewhere, after they were made.
extension Lifecycle {
  /// Takes the next output that is to be sent; workspaces take turns.
  func claimUpload(after workspace: Int64, most: Int) throws -> Upload? {
    let now = clock.now()
    return try store.writeBlocking(lazily: true) { database in
      try Uploads.claim(after: workspace, most: most, at: now, in: database)
        ?? (workspace > 0 ? Uploads.claim(after: 0, most: most, at: now, in: database) : nil)
    }
  }

  /// True while somebody waits for an output to be sent.
  func isWanted(_ upload: Upload) throws -> Bool {
    try store.read { try Uploads.isListed(id: upload.id, in: $0) }
  }

  /// How long it is until the next one may be sent; nil when none waits.
  func untilNextUpload() throws -> Duration? {
    try store.read { try Uploads.nextDue(in: $0) }.map { max(.zero, $0 - clock.now()) }
  }

  /// Makes one wait for another try.
  func delayUpload(_ upload: Upload, failures: Int, for span: Duration) throws {
    let due = clock.now() + span
    try store.writeBlocking { try Uploads.delay(id: upload.id, failures: failures, until: due, in: $0) }
  }

  /// Records how far an upload in parts is; false when nobody waits for it any more.
  func recordParts(of upload: Upload, name: String?, _ tags: [String]) throws -> Bool {
    try store.writeBlocking { database in
      try Uploads.setParts(id: upload.id, name: name, tags, in: database)
      return try Uploads.isListed(id: upload.id, in: database)
    }
  }

  /// Takes an output off the list that has arrived; the last one of a job ends it.
  func finishUpload(_ upload: Upload) throws {
    try settle(upload) { database in
      guard try Uploads.remove(id: upload.id, in: database) else { return false }
      if try !Uploads.hasAny(job: upload.jobID, target: upload.targetID, in: database) {
        try Targets.end(id: upload.targetID, job: upload.jobID, .completed, in: database)
      }
      return true
    }
  }

  /// Gives up a target that an output cannot be brought to; the job ends with its other ones.
  func failUpload(_ upload: Upload, _ message: String) throws {
    try settle(upload) { database in
      guard try Uploads.isListed(id: upload.id, in: database) else { return false }
      try Targets.end(id: upload.targetID, job: upload.jobID, .failed, message, in: database)
      return true
    }
  }

  /// Changes what is still to be sent, and ends the job when that is nothing.
  private func settle(_ upload: Upload, _ change: @escaping @Sendable (Database) throws -> Bool) throws {
    let now = clock.now()
    let event: Event? = try store.writeBlocking { database in
      guard try change(database), try !Uploads.hasAny(job: upload.jobID, in: database),
        let job = try Jobs.load(id: upload.jobID, in: database), !job.status.isFinal
      else { return nil }
      return try end(job, .completed, nil, .zero, now, database)
    }
    publish(event, upload.jobID)
    if event == nil { store.changes.note(upload.workspaceID) }
  }
}
