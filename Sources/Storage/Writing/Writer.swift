import Basics
import Synchronization

/// The only connection that writes: it commits the work of many callers in one transaction and answers each after it.
///
/// While one group is being committed the next one gathers, so a busy server needs one fsync for many requests. A
/// thread that writes when nobody else does commits itself, without a change of threads.
package final class Writer: Sendable {
  /// A group is closed after this many callers or milliseconds, so that nobody in it waits long.
  static let mostCallers = 256
  static let longestGroup = Duration.milliseconds(5)

  private struct State {
    var waiting: [any Work] = []
    var isBusy = false
    var isClosed = false
  }

  /// The log is folded into the database when it has this many pages.
  static let longestLog = 1000

  private let database: Database
  private let trust: DiskTrust
  private let ballast: Ballast
  private let clock: Clock
  private let log: Log
  private let commits: CommitCounter
  /// Where the files of the database are, or nil where nobody can take them away.
  private let place: DatabasePlace?
  /// Ends the snapshots that readers keep for their next query.
  private let letReadersGo: @Sendable () -> Void
  /// What need not be on disk at once is there after about so long.
  private let latestSync: Duration
  /// How long the log was when it was folded in last; touched by whoever commits.
  private let foldedPages = Atomic(0)
  /// True while the log's end may not be on disk.
  private let isUnsynced = Atomic(false)
  /// True while the thread will look after that.
  private let isWatched = Atomic(false)
  private let state = Mutex(State())
  private let bell = Doorbell()
  private let thread = Mutex<ServiceThread?>(nil)

  init(
    database: Database, trust: DiskTrust, ballast: Ballast, clock: Clock, log: Log,
    commits: CommitCounter = CommitCounter(), place: DatabasePlace? = nil,
    letReadersGo: @escaping @Sendable () -> Void = {}, latestSync: Duration = .milliseconds(250)
  ) throws(SystemFailure) {
    self.database = database
    self.trust = trust
    self.ballast = ballast
    self.clock = clock
    self.log = log
    self.commits = commits
    self.place = place
    self.letReadersGo = letReadersGo
    self.latestSync = latestSync
    let thread = try ServiceThread(trying: "writer") { [self] in serve() }
    self.thread.withLock { $0 = thread }
  }

  /// Runs `body` in a transaction and returns after its commit is on disk.
  ///
  /// `body` must not wait for anything; others may run beside it in the same transaction. Throws
  /// `StoreFailure.stoppedWriting` when it is not known what is on disk, `.lost` when the database is not where it was, and
  /// from then on always.
  package func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    let result: Result<Value, any Error> = await withUnsafeContinuation { continuation in
      enqueue(Piece(body) { continuation.resume(returning: $0) })
    }
    return try result.get()
  }

  /// The same for a thread that may block: it commits itself when the writer is idle.
  ///
  /// With `lazily` it returns after a commit that everybody sees and that a loss of power may take back, with nothing that
  /// was written after it: for what a start finds out anew.
  package func writeBlocking<Value: Sendable>(
    lazily: Bool = false, _ body: @escaping @Sendable (Database) throws -> Value
  ) throws -> Value {
    let answer = Mutex<Result<Value, any Error>?>(nil)
    let done = Doorbell()
    let piece = Piece(body, isLazy: lazily) { result in
      answer.withLock { $0 = result }
      done.ring()
    }
    let isOurs = state.withLock { state in
      guard !state.isBusy, !state.isClosed, state.waiting.isEmpty else { return false }
      state.isBusy = true
      return true
    }
    if isOurs {
      commit([piece], syncs: !lazily)
      release()
    } else {
      enqueue(piece)
    }
    _ = done.wait()
    guard let result = answer.withLock({ $0 }) else { throw StoreFailure.closed }
    return try result.get()
  }

  /// Finishes what waits and ends the thread; later work fails with `StoreFailure.closed`.
  func finish() {
    state.withLock { $0.isClosed = true }
    bell.close()
    let thread = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    thread?.join()
  }

  /// Closes the database after `finish`; the log is folded in only when everything that was written can be trusted.
  func close() {
    database.close(foldsLog: trust.failure == nil)
  }

  private func enqueue(_ work: any Work) {
    let (isClosed, isBusy) = state.withLock { state in
      if !state.isClosed { state.waiting.append(work) }
      return (state.isClosed, state.isBusy)
    }
    if isClosed { return work.finish(failure: StoreFailure.closed) }
    // Whoever commits rings when it is done.
    if !isBusy { bell.ring() }
  }

  private func serve() {
    while true {
      let rang = bell.wait(timeout: isWatched.load(ordering: .acquiring) ? latestSync : nil)
      while let group = takeGroup() {
        // Whoever need not wait for the disk does not, and goes first.
        commit(group.filter(\.isLazy), syncs: false)
        commit(group.filter { !$0.isLazy }, syncs: true)
        release()
      }
      if !rang { syncLog() }
      let isDone = state.withLock { !rang && $0.isClosed && $0.waiting.isEmpty && !$0.isBusy }
      if isDone { return }
    }
  }

  /// Takes all that waits, unless a caller is committing by itself; that one rings when it is done.
  private func takeGroup() -> [any Work]? {
    state.withLock { state in
      guard !state.isBusy, !state.waiting.isEmpty else { return nil }
      state.isBusy = true
      defer { state.waiting = [] }
      return state.waiting
    }
  }

  private func release() {
    let isWaitedFor = state.withLock { state in
      state.isBusy = false
      return !state.waiting.isEmpty
    }
    if isWaitedFor { bell.ring() }
  }

  /// True while a loss of power may take back what was committed last.
  var isBehind: Bool { isUnsynced.load(ordering: .sequentiallyConsistent) }

  /// What was committed lazily a while ago goes to the disk, unless a later commit has taken it along.
  private func syncLog() {
    isWatched.store(false, ordering: .sequentiallyConsistent)
    guard isUnsynced.exchange(false, ordering: .sequentiallyConsistent), trust.failure == nil, let place else { return }
    do { try place.syncLog() } catch { trust.lose("\(error)") }
  }

  /// Notes that a commit is not on disk yet, or that all of them are.
  private func note(isUnsynced: Bool) {
    self.isUnsynced.store(isUnsynced, ordering: .sequentiallyConsistent)
    if isUnsynced, !isWatched.exchange(true, ordering: .sequentiallyConsistent) { bell.ring() }
  }

  /// Commits the pieces in as many transactions as the group limit asks for, in their order.
  private func commit(_ group: [any Work], syncs: Bool) {
    var rest = group[...]
    while !rest.isEmpty {
      if let failure = trust.failure { return rest.forEach { $0.finish(failure: failure) } }
      let start = clock.monotonic()
      let pages = database.logPages
      var performed: [any Work] = []
      var isCommitting = false
      do {
        try database.setSyncs(syncs)
        try database.run("BEGIN IMMEDIATE")
        while let piece = rest.first {
          rest = rest.dropFirst()
          performed.append(piece)
          try perform(piece, isAlone: group.count == 1)
          if performed.count >= Writer.mostCallers { break }
          if clock.monotonic() - start >= Writer.longestGroup.nanoseconds { break }
        }
        isCommitting = true
        try database.run("COMMIT")
        commits.count()
        // A transaction that changes nothing writes nothing, and syncs nothing either. A log that began anew is shorter.
        if database.logPages != pages { note(isUnsynced: !syncs) }
        Failpoint.pass(.afterCommit)
        // On disk, but in files that the next start may not find.
        if let loss = place?.loss() { throw trust.lose(places: loss) }
        for piece in performed { piece.finish(failure: nil) }
        foldLog()
      } catch {
        let failure = judge(error, isCommitting: isCommitting)
        database.rollBack()
        // A commit that failed may be there all the same.
        commits.count()
        if performed.isEmpty, let piece = rest.popFirst() { performed.append(piece) }
        for piece in performed { piece.finish(failure: failure) }
      }
    }
  }

  /// Between two transactions, on the connection that writes: two that checkpoint at once can damage the database in
  /// SQLite before 3.51.3.
  ///
  /// A reader that takes long keeps the log from starting over; it is then folded in at every thousand pages more, and not
  /// after each commit.
  private func foldLog() {
    let pages = database.logPages
    if pages < foldedPages.load(ordering: .relaxed) { foldedPages.store(0, ordering: .relaxed) }
    guard pages - foldedPages.load(ordering: .relaxed) >= Writer.longestLog else { return }
    foldedPages.store(pages, ordering: .relaxed)
    letReadersGo()
    do { try database.checkpoint() } catch { _ = judge(error, isCommitting: true) }
    // A snapshot that was taken meanwhile is in the log, and while it is kept the next commit cannot begin the log anew.
    letReadersGo()
  }

  /// What a failure means for those who come later: a full disk is given its ballast, a doubtful one is left alone.
  private func judge(_ error: any Error, isCommitting: Bool) -> any Error {
    guard let failure = error as? DatabaseFailure else { return error }
    if failure.isDiskFull {
      if ballast.release() { log.warning("the disk is full; the ballast was given back", ["error": "\(failure)"]) }
      return failure
    }
    guard failure.isLostWrite || (isCommitting && failure.isInputOutput) else { return failure }
    return trust.lose("\(failure)")
  }

  /// A piece that fails takes back only its own statements; one that is alone needs no savepoint.
  ///
  /// Some failures end the whole transaction (sqlite.org/lang_transaction.html, 3); they are everybody's.
  private func perform(_ piece: any Work, isAlone: Bool) throws {
    if isAlone {
      piece.perform(database)
      if let failure = piece.failure { throw failure }
      return
    }
    try database.run("SAVEPOINT piece")
    piece.perform(database)
    if let failure = piece.failure {
      guard database.isInTransaction, (failure as? DatabaseFailure)?.isLostWrite != true else { throw failure }
      _ = judge(failure, isCommitting: false)
      try database.run("ROLLBACK TO piece")
    }
    try database.run("RELEASE piece")
  }
}

/// A caller's part of a transaction, whatever value it gives back.
private protocol Work: AnyObject, Sendable {
  /// True for what need not be on disk when its caller goes on.
  var isLazy: Bool { get }
  var failure: (any Error)? { get }
  func perform(_ database: Database)
  /// Answers the caller: with its own result, or with the failure of the commit.
  func finish(failure: (any Error)?)
}

/// One call of `write`: its closure, then its result, kept until the commit.
private final class Piece<Value: Sendable>: Work {
  let isLazy: Bool
  private let body: @Sendable (Database) throws -> Value
  private let answer: @Sendable (Result<Value, any Error>) -> Void
  private let result = Mutex<Result<Value, any Error>?>(nil)

  init(
    _ body: @escaping @Sendable (Database) throws -> Value, isLazy: Bool = false,
    answer: @escaping @Sendable (Result<Value, any Error>) -> Void
  ) {
    self.body = body
    self.isLazy = isLazy
    self.answer = answer
  }

  var failure: (any Error)? {
    result.withLock { result in
      if case .failure(let error) = result { error } else { nil }
    }
  }

  func perform(_ database: Database) {
    let outcome = Result { try body(database) }
    result.withLock { $0 = outcome }
  }

  func finish(failure: (any Error)?) {
    let own = result.withLock { $0 }
    if let failure, self.failure == nil || failure is StoreFailure {
      answer(.failure(failure))
    } else {
      answer(own ?? .failure(failure ?? StoreFailure.closed))
    }
  }
}
