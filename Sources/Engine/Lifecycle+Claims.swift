import Basics
package import Storage

/// A job that was taken, with what its run needs.
package struct TakenJob: Sendable {
  package let claim: Claim
  package let job: Job
  package let inputs: [Input]
  /// That it has started, for those who watch it; nil when it had started before.
  let event: Event?
  /// True for one large file while no other job waits or runs: two threads may work on it.
  package let isWide: Bool
}

extension Lifecycle {
  /// Takes the next waiting job; workspaces take turns, beginning after the one served last.
  package func claim(after workspace: Int64) throws -> TakenJob? {
    let taken = try store.writeBlocking { try take(after: workspace, $0) }
    if let taken { publish(taken.event, taken.job.id) }
    return taken
  }

  /// The same in the caller's transaction; the caller publishes the event.
  func take(after workspace: Int64, _ database: Database) throws -> TakenJob? {
    guard try !Switches.isOn(.queueIsPaused, in: database) else { return nil }
    let now = clock.now()
    try Queue.releaseDelayed(at: now, in: database)
    let next = try nextTurn(after: workspace, at: now, database)
    guard let next, let claim = try Queue.claim(job: next.job, bootID: bootID, in: database) else { return nil }
    try Jobs.setProcessing(id: next.job, attempt: claim.attempt, at: now, in: database)
    guard let job = try Jobs.load(id: next.job, in: database) else { return nil }
    try Usage.move(job.workspaceID, from: .pending, to: .processing, in: database)
    let event =
      claim.attempt == 1
      ? try announce(Events.insert(job.workspaceID, job: job.id, .started, at: now, in: database), job, database)
      : nil
    let inputs = try Inputs.all(job: job.id, in: database)
    return TakenJob(
      claim: claim, job: job, inputs: inputs, event: event, isWide: try isWide(job, inputs, database))
  }

  /// What waits is as good as at work already: with a thread more for this job, the next would have one less.
  private func isWide(_ job: Job, _ inputs: [Input], _ database: Database) throws -> Bool {
    let sources = inputs.filter { $0.role == .source }
    guard sources.count == 1, let size = sources[0].size, size >= Queue.smallBytes else { return false }
    return try Queue.isAlone(job.id, in: database)
  }

  /// The next job of a workspace that may run one more, beginning after the one served last.
  private func nextTurn(after workspace: Int64, at now: Timestamp, _ database: Database) throws -> (
    job: Int64, workspace: Int64
  )? {
    var place = workspace
    var hasWrapped = false
    while true {
      guard let next = try Queue.nextWaiting(after: place, at: now, in: database) else {
        if hasWrapped { return nil }
        (place, hasWrapped) = (0, true)
        continue
      }
      if hasWrapped && next.workspace > workspace { return nil }
      if try Queue.mayRunOneMore(next.workspace, in: database) { return next }
      place = next.workspace
    }
  }
}
