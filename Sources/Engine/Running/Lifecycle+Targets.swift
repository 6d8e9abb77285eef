import Basics
import Storage

/// The end of a job whose outputs go elsewhere, which is not before they have gone.
extension Lifecycle {
  /// Lists the outputs that were just recorded for their targets; false when nothing is to be sent.
  func listUploads(_ job: Job, at now: Timestamp, _ database: Database) throws -> Bool {
    guard job.extras.contains(.targets) else { return false }
    let outputs = try Outputs.all(job: job.id, in: database)
    for target in try Targets.all(job, in: database) {
      let own = outputs.filter { target.task == nil || $0.task == target.task }
      let paths = try JobTarget(target).paths(
        of: own.map(\.fileName), job: store.identifiers.text(.request, job.id))
      for (output, path) in zip(own, paths) {
        try Uploads.insert(
          output.id, path: path, target: target.id, job: job.id, workspace: job.workspaceID, at: now, in: database)
      }
      if own.isEmpty { try Targets.end(id: target.id, job: job.id, .completed, in: database) }
    }
    return try Uploads.hasAny(job: job.id, in: database)
  }

  /// Counts the work on a job whose outputs are still to be sent.
  func countRun(_ job: Job, _ run: Duration, at now: Timestamp, _ database: Database) throws {
    try Jobs.addRun(id: job.id, run, in: database)
    try Usage.add(job.workspaceID, origin: job.origin, milliseconds: run.milliseconds, at: now, in: database)
  }
}
