import Basics
import Storage

/// The single files of a job of several, while it runs.
extension Lifecycle {
  /// True when somebody is told of each file of a job that is done.
  func followsFiles(of job: Job, _ inputs: [Input], _ database: Database) throws -> Bool {
    guard let announcing, job.batchID == nil, inputs.count(where: { $0.role == .source }) > 1,
      try !isArchive(job, database)
    else { return false }
    return try !announcing.followers(of: .progress, in: job.workspaceID, database).isEmpty
  }

  /// Tells of files that are done, the last of which is number `done` of `total`, if the claim still holds.
  func tellDone(_ claim: Claim, _ job: Job, _ sources: [Input], done: Int, of total: Int) throws {
    guard let announcing else { return }
    let now = clock.now()
    let isTold = try store.writeBlocking { database in
      guard try Queue.holds(claim, in: database) else { return false }
      var isTold = false
      for (index, source) in sources.enumerated() {
        let count = (done: done - sources.count + index + 1, total: total)
        if try announcing.write(source, of: job, count, at: now, in: database) { isTold = true }
      }
      return isTold
    }
    if isTold { announcing.ring() }
  }
}
