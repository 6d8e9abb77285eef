import Basics
import Storage

/// The end of jobs that were created and that nobody starts.
extension Lifecycle {
  /// How long a job may wait for its start.
  package static let longestUnstarted = Duration.seconds(86_400)

  /// Ends a workspace's that have waited too long, at most `limit`, and their files go; gives how many.
  func endUnstarted(_ workspace: Int64, limit: Int) throws -> Int {
    let now = clock.now()
    let ended: (blobs: [String], jobs: [(id: Int64, event: Event)]) = try store.writeBlocking { database in
      var ended: (blobs: [String], jobs: [(id: Int64, event: Event)]) = ([], [])
      let moment = now - Lifecycle.longestUnstarted
      for job in try Jobs.incomplete(workspace, createdBefore: moment, limit: limit, in: database) {
        let (blobs, event) = try cancel(job, .notStarted, at: now, database)
        ended.blobs += blobs
        ended.jobs.append((job.id, event))
      }
      return ended
    }
    for (job, event) in ended.jobs {
      stopWork(on: job)
      publish(event, job)
    }
    store.blobs.remove(ended.blobs)
    return ended.jobs.count
  }
}

extension JobFailure {
  static let notStarted = JobFailure("not_started", "the job was not started within a day")
}
