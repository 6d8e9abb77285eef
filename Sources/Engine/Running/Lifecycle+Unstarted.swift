import Basics
import Storage

/// The end of jobs that were created and that nobody starts.
extension Lifecycle {
  /// How long a job may wait for its start.
  package static let longestUnstarted = Duration.seconds(86_400)

  /// Ends a workspace's that have waited too long, at most `limit`, and their files go; gives how many.
  func endUnstarted(_ workspace: Int64, limit: Int) throws -> Int {
    let now = clock.now()
    let ended: Stopped = try store.writeBlocking { [clock] database in
      var ended = Stopped()
      // By a time from before the clock was set back, what was made since would be old.
      let moment = min(now, clock.now()) - Lifecycle.longestUnstarted
      for job in try Jobs.incomplete(workspace, createdBefore: moment, limit: limit, in: database) {
        try ended.add(job, cancel(job, .notStarted, at: now, database))
      }
      return ended
    }
    settle(ended)
    return ended.jobs.count
  }
}

extension JobFailure {
  static let notStarted = JobFailure("not_started", "the job was not started within a day")
}
