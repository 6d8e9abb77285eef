package import Basics
import Glibc
import Synchronization

/// The data directory, opened: the database with its one writer, the files of jobs, and identifiers made with its secret
/// key.
package final class Store: Sendable {
  package let directory: DataDirectory
  package let blobs: Blobs
  package let spool: Spool
  package let identifiers: PublicIdentifiers
  /// The key behind signed links; it is derived, so that no two uses share one.
  package let linkKey: [UInt8]
  /// Whom to tell of what was committed.
  package let changes: Changes

  /// Makes codes for one use, with a key that no other use has.
  package func code(for use: String) -> HMAC { HMAC(key: HMAC(key: linkKey).code(for: Array(use.utf8))) }

  private let writer: Writer
  private let readers: Readers
  private let redo: RedoLog
  private let trust: DiskTrust
  private let capacity: Capacity
  private let folders: Folders
  private let place: DatabasePlace?
  private let commitCounter: CommitCounter
  private let settings: [(name: String, value: String)]
  private let log: Log
  private let checker = Mutex<(thread: ServiceThread, database: Database)?>(nil)
  private let isBeingChecked = Atomic(false)

  /// Opens or creates everything in the directory, and brings the database to this build's schema.
  ///
  /// Throws `StoreFailure` for what the operator must mend first; then nothing was changed.
  package init(path: String, clock: Clock = .system, entropy: Entropy = .system, log: Log = .silent) throws {
    directory = try DataDirectory(path: path)
    self.log = log
    directory.openness?.tell(log, path: path)
    changes = Changes(clock: clock)
    let (database, isCheckedWhole) = try Opening(directory: directory).database()
    let key = try directory.secretKey(entropy)
    identifiers = PublicIdentifiers(key: HMAC(key: key).code(for: Array("identifiers".utf8)))
    linkKey = HMAC(key: key).code(for: Array("links".utf8))
    trust = DiskTrust(log: log)
    let folders = try Folders(directory, clock: clock, log: log)
    self.folders = folders
    let mark = RedoRecord.mark(of: HMAC(key: key).code(for: Array("redo".utf8)))
    redo = RedoLog(folder: directory.path, files: directory.filesPath, mark: mark, trust: trust)
    spool = Spool(path: directory.spoolPath, mend: { if let failure = folders.look() { throw failure } })
    blobs = try Blobs(root: directory.filesPath, entropy: entropy, trust: trust, folders: folders, redo: redo)
    settings = try database.pragmas()
    let commits = CommitCounter()
    commitCounter = commits
    place = DatabasePlace(path: directory.databasePath)
    let readers = Readers(path: directory.databasePath, commits: commits, place: place)
    self.readers = readers
    writer = try Writer(
      database: database, trust: trust, ballast: directory.ballast, clock: clock, log: log, commits: commits,
      place: place, letReadersGo: readers.letGo)
    capacity = Capacity(directory: directory, readers: readers, clock: clock, folders: folders)
    try replay()
    makeBallast()
    if !isCheckedWhole { try checkInTheBackground() }
  }

  /// The newest schema that this build knows.
  package static var newestSchema: Int64 { Migrations.embedded.last?.version ?? 0 }

  /// Runs `body` in a transaction; returns after it is on disk.
  package func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    try await writer.write(body)
  }

  /// The same for a thread that may block; `lazily` as for `Writer.writeBlocking`.
  package func writeBlocking<Value: Sendable>(
    lazily: Bool = false, _ body: @escaping @Sendable (Database) throws -> Value
  ) throws -> Value {
    try writer.writeBlocking(lazily: lazily, body)
  }

  /// Runs a query now, on the calling thread.
  package func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try readers.read(body)
  }

  /// The number of the last commit; what was read after it had this number is up to date while it has.
  package var lastCommit: UInt64 { commitCounter.number.load(ordering: .acquiring) }

  /// Transactions since the start.
  package var commits: Int64 { Int64(clamping: commitCounter.number.load(ordering: .relaxed)) }

  /// Admits jobs of a workspace to those that wait; gives how many it may have instead when these would be more.
  ///
  /// `most` is the limit of its plan; what the others leave bounds it besides. `database` is that of the transaction which
  /// writes the jobs.
  package func admit(_ jobs: Int, of workspace: Int64, most: Int64?, in database: Database) throws -> Int64? {
    try capacity.admit(jobs, of: workspace, most: most, in: database)
  }

  /// Why no new job can be taken at the moment, or nil; cheap enough to be asked before every upload.
  ///
  /// Throws `StoreFailure.lost` when a folder is gone that cannot be made again.
  package func shortage() throws -> Shortage? {
    try capacity.shortage()
  }

  /// True while there is more room than jobs need that are to be taken or ended: for what can wait.
  package var hasRoomToSpare: Bool {
    do { return try shortage() != .disk && directory.ballast.bytes == Ballast.size } catch { return false }
  }

  /// Looks whether everything is where it was at the start, makes again what can be, and gives what was found lately.
  package func lookUnderneath() -> [String] {
    if trust.failure == nil, let loss = place?.loss() { _ = trust.lose(places: loss) }
    folders.look()
    directory.keepLock(log)
    return [trust.failure.map(Store.words)].compactMap { $0 } + folders.findings
  }

  /// In words for anybody who asks a monitor's question, without what only the log may have.
  private static func words(_ failure: StoreFailure) -> String {
    if case .lost = failure { return "nothing is written any more: \(failure)" }
    return "nothing is written any more; the log says why"
  }

  /// True when a write failed so that no later one can be trusted; only a new start ends it.
  package var hasStoppedWriting: Bool { trust.failure != nil }

  /// Why a write failed so, or nil.
  package var failure: StoreFailure? { trust.failure }

  /// Takes the ballast again, unless the disk is still short of room.
  package func makeBallast() {
    if directory.freeBytes > CapacityLimits().leastFree { directory.ballast.make() }
  }

  /// Notes how full the disk is, once an hour.
  package func sampleDisk(at now: Timestamp) throws {
    let (free, total) = (directory.freeBytes, directory.totalBytes)
    guard try read({ try DiskSamples.all(since: now, in: $0) }).isEmpty else { return }
    try writeBlocking { try DiskSamples.insert(free: free, total: total, at: now, in: $0) }
  }

  /// Bytes of the write-ahead log.
  package var logBytes: Int64 { (try? FileBytes.size(directory.databasePath + "-wal")) ?? 0 }

  /// How the store is; `checksAll` reads the whole database, which takes about a second for each 300 MB.
  package func health(checksAll: Bool = false) throws -> Health {
    try read { database in
      let pageSize = try database.first("PRAGMA page_size", row: { $0.integer(0) }) ?? 0
      return Health(
        library: Database.libraryVersion, settings: settings, schemaVersion: try Migrations.version(of: database),
        databaseBytes: try database.bytes(),
        unusedBytes: try pageSize * (database.first("PRAGMA freelist_count", row: { $0.integer(0) }) ?? 0),
        logBytes: logBytes,
        ballastBytes: directory.ballast.bytes, freeBytes: directory.freeBytes, totalBytes: directory.totalBytes,
        shortage: try shortage(), failure: trust.failure, isBeingChecked: isBeingChecked.load(ordering: .acquiring),
        problems: checksAll ? try database.integrityCheck() : [])
    }
  }

  /// Finishes what is being written and gives the directory free; later writes fail.
  package func close() {
    let checker = checker.withLock { checker in
      defer { checker = nil }
      return checker
    }
    checker?.database.interrupt()
    checker?.thread.join()
    checker?.database.close()
    readers.close()
    writer.finish()
    redo.close()
    // Before the log goes, for a kill between the two must not look like a log that was taken away.
    if !hasStoppedWriting { directory.markClosed() }
    writer.close()
    directory.close()
  }

  /// Files that a loss of power took are written again before anybody asks for them.
  private func replay() throws {
    let replay = RedoReplay(folder: directory.path, files: directory.filesPath, mark: redo.mark)
    let count = try replay.run { try read { try NamedFile.names(in: $0) } }
    guard count > 0 else { return }
    log.notice("small files were not whole and were written again from the redo log", ["files": String(count)])
  }

  /// A large database is checked while it serves, when nobody else wants the processor, and table by table, so that no
  /// read keeps the log from starting over for long; damage ends the writing, for it would only spread.
  private func checkInTheBackground() throws {
    let path = directory.databasePath
    let database = try Database(path: path, mode: .reading)
    isBeingChecked.store(true, ordering: .releasing)
    let thread = try ServiceThread(trying: "check") { [self] in
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
      defer { isBeingChecked.store(false, ordering: .releasing) }
      do {
        let tables = try database.texts("SELECT name FROM sqlite_schema WHERE type = 'table'")
        let problems = try tables.flatMap { try database.quickCheck($0) }
        if problems.isEmpty { return }
        trust.lose("\(StoreFailure.damaged(path: path, problem: problems.prefix(3).joined(separator: "; ")))")
      } catch let failure as DatabaseFailure where failure.isDamage {
        trust.lose("\(StoreFailure.damaged(path: path, problem: failure.message))")
      } catch {
        log.notice("the database was not checked to its end", ["error": "\(error)"])
      }
    }
    checker.withLock { $0 = (thread, database) }
  }
}
