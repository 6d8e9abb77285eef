import Basics
import Conversion
import Formats
package import Storage

/// A job that was taken, with what its run needs.
package struct TakenJob: Sendable {
  package let claim: Claim
  package let job: Job
  package let inputs: [Input]
  /// What is to be made of them, at least one.
  package let tasks: [JobTask]
  /// What it has to know and nobody may see.
  package let secrets: [JobSecret]
  /// That it has started, for those who watch it; nil when it had started before.
  let event: Event?
  /// True when the beginning of its batch was told with it.
  let tellsBatch: Bool
  /// True when somebody is told of each of its files that is done.
  let followsFiles: Bool
  /// True for one large file while no other job waits or runs: two threads may work on it.
  package let isWide: Bool
  /// True when other jobs wait in its lane, whether or not they may be taken.
  let leavesMore: Bool
}

extension Lifecycle {
  /// Takes the next waiting job; workspaces take turns, beginning after the one served last.
  package func claim(after workspace: Int64) throws -> TakenJob? {
    try claim(Turns.Choice(last: workspace, full: [], resting: nil))
  }

  /// Takes the waiting job whose turn it is, unless a resting one comes before it.
  ///
  /// Its commit need not be on disk, for a start puts back what runs, and what it finds waiting waits. What is told to others
  /// has to be.
  func claim(_ choice: Turns.Choice) throws -> TakenJob? {
    let taken: TakenJob?
    do {
      taken = try store.writeBlocking(lazily: true) { try take(choice, lazily: true, $0) }
    } catch is ToldToOthers {
      taken = try store.writeBlocking { try take(choice, lazily: false, $0) }
    }
    guard let taken else { return nil }
    publish(taken.event, taken.job.id)
    if taken.event == nil { store.changes.note(taken.job.workspaceID) }
    if taken.tellsBatch { announcing?.ring() }
    return taken
  }

  /// True when somebody else's job, or a smaller one of the same workspace, waits for the thread of a job between two files.
  func isTurnOfAnother(than open: OpenJob, in lane: Lane) throws -> Bool {
    try store.read { database in
      guard try !Switches.isOn(.queueIsPaused, in: database) else { return false }
      let choice = Turns.Choice(
        lane: lane, last: open.workspace, full: [], resting: open.workspace, yieldsToSmall: open.isLarge)
      return try nextTurn(choice, at: clock.now(), database) != nil
    }
  }

  /// Webhooks or mail were written where they may be sent before they are on disk.
  private struct ToldToOthers: Error {}

  /// Throws `ToldToOthers` instead of telling anybody `lazily`.
  private func take(_ choice: Turns.Choice, lazily: Bool, _ database: Database) throws -> TakenJob? {
    guard try !Switches.isOn(.queueIsPaused, in: database) else { return nil }
    let now = clock.now()
    // One of another lane is that lane's to take.
    if try Queue.releaseDelayed(at: now, in: database) > 0 { bells.ring() }
    let next = try nextTurn(choice, at: now, database)
    guard let next, let claim = try Queue.claim(job: next.job, bootID: bootID, in: database) else { return nil }
    try Jobs.setProcessing(id: next.job, attempt: claim.attempt, at: now, in: database)
    guard let job = try Jobs.load(id: next.job, in: database) else { return nil }
    try count(job, from: .pending, to: .processing, database)
    let event =
      claim.attempt == 1
      ? try announce(Events.insert(job.workspaceID, job: job.id, .started, at: now, in: database), job, database)
      : nil
    let tellsBatch = try job.batchID.flatMap { try announcing?.write(beginningOf: $0, at: now, in: database) } ?? false
    if lazily, tellsBatch || event?.isAnnounced ?? false { throw ToldToOthers() }
    // A client who sees it run may cancel it before its thread has heard of it.
    cancellations.begin(claim)
    let inputs = try Inputs.all(job: job.id, in: database)
    return TakenJob(
      claim: claim, job: job, inputs: inputs, tasks: try Tasks.all(job, in: database),
      secrets: try Secrets.all(job, in: database), event: event, tellsBatch: tellsBatch,
      followsFiles: try followsFiles(of: job, inputs, database),
      isWide: try isWide(job, inputs, database),
      leavesMore: try Queue.hasWaiting(lane: choice.lane.rawValue, in: database))
  }

  /// What waits is as good as at work already: with a thread more for this job, the next would have one less.
  private func isWide(_ job: Job, _ inputs: [Input], _ database: Database) throws -> Bool {
    let sources = inputs.filter { $0.role == .source }
    guard sources.count == 1, let size = sources[0].size, size >= Queue.smallBytes else { return false }
    return try Queue.isAlone(job.id, in: database)
  }

  /// The next job of a workspace that may run one more, beginning after the one served last; nil when a resting job comes
  /// before it.
  private func nextTurn(_ choice: Turns.Choice, at now: Timestamp, _ database: Database) throws -> (
    job: Int64, workspace: Int64
  )? {
    var place = choice.last
    var hasWrapped = false
    while true {
      guard let next = try Queue.nextWaiting(after: place, lane: choice.lane.rawValue, at: now, in: database) else {
        if hasWrapped { return nil }
        (place, hasWrapped) = (0, true)
        continue
      }
      if hasWrapped && next.workspace > choice.last { return nil }
      if let resting = choice.resting {
        if Turns.isBefore(resting, next.workspace, after: choice.last) { return nil }
        // What is begun is ended first, except that small jobs go before large ones.
        if resting == next.workspace && !(next.isSmall && choice.yieldsToSmall) { return nil }
      }
      if try !choice.full.contains(next.workspace) && Queue.mayRunOneMore(next.workspace, in: database) {
        return (next.job, next.workspace)
      }
      place = next.workspace
    }
  }
}
