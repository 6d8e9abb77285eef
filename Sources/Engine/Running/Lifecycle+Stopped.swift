import Storage

/// The end of several jobs at once, in one transaction.
extension Lifecycle {
  /// What is left to do when that end is on disk.
  struct Stopped {
    var blobs: [String] = []
    var jobs: [(id: Int64, event: Event)] = []

    mutating func add(_ job: Job, _ end: (blobs: [String], event: Event)) {
      blobs += end.blobs
      jobs.append((job.id, end.event))
    }
  }

  /// Ends the work on them, tells of them, and removes their files.
  func settle(_ stopped: Stopped) {
    for (job, event) in stopped.jobs {
      stopWork(on: job)
      publish(event, job)
    }
    store.blobs.remove(stopped.blobs)
  }
}
