package import Basics
import Glibc
package import Storage

/// Once a minute removes what has had its time: files of finished jobs, jobs that nobody starts, old jobs, old keys of
/// idempotency, old uploads.
package final class Janitor: Sendable {
  static let period = Duration.seconds(60)
  /// Files without a row are looked for in the first round and then once in this many.
  static let roundsBetweenOrphans = 60
  /// How many jobs one transaction expires, so that a sweep never holds the writer for long.
  static let portion = 100
  /// A spool file that this process has not in hand is left over when it has this age: another one may be about to take
  /// a backup that was made for it.
  static let oldestSpoolFile = Duration.seconds(48 * 3600)

  /// As much as the charts of a year show.
  static let oldestActivity = Duration.seconds(400 * 86_400)

  private let store: Store
  private let lifecycle: Lifecycle
  private let retention: Duration
  private let history: Duration
  private let clock: Clock
  private let watch: ClockWatch
  private let log: Log
  private let bell = Doorbell()
  private let eachRound: @Sendable () -> Void

  /// `eachRound` is called after every round, for what else has had its time by then.
  package init(
    store: Store, lifecycle: Lifecycle, retention: Duration, history: Duration, clock: Clock, watch: ClockWatch,
    log: Log,
    eachRound: @escaping @Sendable () -> Void = {}
  ) {
    self.eachRound = eachRound
    self.store = store
    self.lifecycle = lifecycle
    self.retention = retention
    self.history = history
    self.clock = clock
    self.watch = watch
    self.log = log
  }

  /// Sweeps until `stop` is called; runs on a thread of its caller.
  package func serve() {
    var isOpen = true
    var round = 0
    var setback = Setback("cannot clean up", log: log)
    var told: Int64 = 0
    while isOpen && !store.hasStoppedWriting {
      do {
        try sweep()
        if round.isMultiple(of: Janitor.roundsBetweenOrphans) { try removeOrphans() }
        setback.worked()
      } catch {
        // Its rounds are as far apart as any wait would be.
        _ = setback.failed(error)
      }
      tellOfLog(&told)
      eachRound()
      FreedMemory.giveBack()
      round += 1
      isOpen = !waitForStop()
    }
  }

  package func stop() {
    bell.ring()
  }

  /// Says who keeps the write-ahead log from being folded in, once for each doubling of it; `told` is how large it was then.
  func tellOfLog(_ told: inout Int64, beyond longest: Int64 = Health.longestLog) {
    let bytes = store.logBytes
    guard bytes > longest else { return told = 0 }
    guard bytes >= 2 * told else { return }
    told = bytes
    let readers = LogReaders.of(database: store.directory.databasePath)
    log.warning(
      "the write-ahead log grows, for another process goes on reading the database as it was",
      [
        "bytes": String(bytes),
        "processes": readers.map { "\($0) (\(LogReaders.name(of: $0)))" }.joined(separator: ", "),
      ])
  }

  private func waitForStop() -> Bool { bell.wait(timeout: Janitor.period) }

  /// What an operator asks for: a round at once, and files without a row, whose number it gives.
  ///
  /// Throws `Refusal.clockUnsteady` while nobody can tell what is old.
  package func prune() throws -> Int {
    guard watch.isSteady() else { throw Refusal.clockUnsteady }
    try sweep()
    return try Inspection(store: store, clock: clock).removeOrphans()
  }

  /// One round; files go after the commit that forgets them, so no row ever names a file that is gone.
  ///
  /// While the clock cannot be believed nothing is removed.
  package func sweep() throws {
    guard watch.isSteady() else { return store.makeBallast() }
    let now = clock.now()
    var expired = 0
    for workspace in try store.read({ try Workspaces.all(in: $0) }) {
      expired += try expire(workspace)
      while watch.isSteady(), try lifecycle.endUnstarted(workspace.id, limit: Janitor.portion) == Janitor.portion {}
      _ = try write { try Activity.delete(workspace.id, before: $0 - Janitor.oldestActivity, in: $1) }
    }
    try store.sampleDisk(at: now)
    _ = try write { try Idempotency.deleteExpired(at: $0, in: $1) }
    let limit = Janitor.portion
    let forgotten = try inPortions { [history] in
      try Jobs.deleteHistory(filesExpiredBefore: $0 - history, limit: limit, in: $1)
    }
    try inPortions { [history] in try Batches.deleteHistory(finishedBefore: $0 - history, limit: limit, in: $1) }
    try inPortions { [history] in try Deliveries.deleteHistory(finishedBefore: $0 - history, limit: limit, in: $1) }
    try inPortions { [history] in try Exchanges.deleteHistory(before: $0 - history, limit: limit, in: $1) }
    try inPortions {
      try Sessions.deleteEnded(
        unused: $0 - Accounts.longestIdle, begun: $0 - Accounts.longestSession, limit: limit, in: $1)
    }
    try inPortions { try OneTimeLinks.deleteExpired(at: $0, limit: limit, in: $1) }
    try inPortions { try LinkUses.deleteExpired(at: $0, limit: limit, in: $1) }
    try removeFiles { now, database in
      let arrivals = try Arrivals.unchanged(since: now - FileStore.arrivalLife, limit: limit, in: database)
      return (arrivals.count, try arrivals.flatMap { try Arrivals.delete($0, in: database).blobs })
    }
    let swept = try sweepSpool()
    store.makeBallast()
    if expired + forgotten + swept > 0 {
      log.info(
        "cleaned up",
        ["expired_jobs": String(expired), "forgotten_jobs": String(forgotten), "spool_files": String(swept)])
    }
  }

  /// Removes the files of a workspace's jobs that ended longer ago than it keeps them; gives how many jobs.
  private func expire(_ workspace: Workspace) throws -> Int {
    try removeFiles { [retention] now, database in
      let moment = now - (workspace.retention ?? retention)
      let jobs = try Jobs.withFiles(workspace.id, finishedBefore: moment, limit: Janitor.portion, in: database)
      var blobs: [String] = []
      for job in jobs {
        try PastOutputs.keep(job: job, in: database)
        blobs += try Jobs.takeFiles(workspace.id, job: job, in: database).blobs
        try Events.deleteAll(job: job, in: database)
        try Jobs.setFilesExpired(id: job, at: now, in: database)
      }
      return (jobs.count, blobs)
    }
  }

  /// Runs `body` in a transaction with the time by which things are old; nil while the clock cannot be believed.
  ///
  /// The time is told anew in each: by one from before the clock was set back, what has ended since would be old.
  private func write<Value: Sendable>(
    _ body: @escaping @Sendable (Timestamp, Database) throws -> Value
  ) throws -> Value? {
    let now = clock.now()
    guard watch.isSteady() else { return nil }
    return try store.writeBlocking { [clock] in try body(min(now, clock.now()), $0) }
  }

  /// Runs `body`, which gives how many it has removed, until that is less than a portion; gives how many altogether.
  @discardableResult
  private func inPortions(_ body: @escaping @Sendable (Timestamp, Database) throws -> Int) throws -> Int {
    try removeFiles { (try body($0, $1), []) }
  }

  /// The same for what has files, which go after the commit that forgets them.
  @discardableResult
  private func removeFiles(
    _ body: @escaping @Sendable (Timestamp, Database) throws -> (count: Int, blobs: [String])
  ) throws -> Int {
    var all = 0
    while let (count, blobs) = try write(body) {
      store.blobs.remove(blobs)
      all += count
      if count < Janitor.portion { break }
    }
    return all
  }

  /// A crash between placing files and committing their job leaves files that no row names.
  private func removeOrphans() throws {
    guard watch.isSteady() else { return }
    let count = try Inspection(store: store, clock: clock).removeOrphans()
    if count > 0 { log.notice("removed files that belong to no job", ["files": String(count)]) }
  }

  private func sweepSpool() throws -> Int {
    let now = clock.now()
    guard watch.isSteady() else { return 0 }
    var count = 0
    let spool = store.spool.path
    for name in try FileTree.names(in: spool) where !store.spool.isInUse(name) {
      var status = stat()
      guard stat(spool + "/" + name, &status) == 0 else {
        // What was done meanwhile is gone.
        if errno == ENOENT { continue }
        throw SystemFailure("stat", spool + "/" + name)
      }
      let changed = Timestamp(milliseconds: Int64(status.st_mtim.tv_sec) * 1000)
      guard changed < min(now, clock.now()) - Janitor.oldestSpoolFile else { continue }
      try FileTree.remove(spool + "/" + name)
      count += 1
    }
    return count
  }
}
