import Basics
import Glibc
import Synchronization
import TestSupport
import XCTest

@testable import Storage

final class WriterTests: XCTestCase {
  private struct Refused: Error {}

  /// The directory stays until the test has ended.
  private func makeStore() throws -> Store {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path + "/data")
    try store.writeBlocking { try $0.script("CREATE TABLE t (n INTEGER PRIMARY KEY)") }
    addTeardownBlock { withExtendedLifetime(directory) {} }
    return store
  }

  private func count(_ store: Store) throws -> Int {
    try store.read { try $0.first("SELECT count(*) FROM t", row: { $0.int(0) }) ?? -1 }
  }

  func testWrite_FromManyTasks_KeepsEveryRow() async throws {
    let store = try makeStore()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<1000 {
        group.addTask { try await store.write { try $0.run("INSERT INTO t VALUES (?)", number) } }
      }
      try await group.waitForAll()
    }
    XCTAssertEqual(try count(store), 1000)
    store.close()
  }

  func testWrite_ThatFails_TakesBackOnlyItself() async throws {
    let store = try makeStore()
    let failures = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<300 {
        group.addTask {
          do {
            try await store.write { database in
              try database.run("INSERT INTO t VALUES (?)", number)
              if number.isMultiple(of: 3) { throw Refused() }
            }
            return false
          } catch { return error is Refused }
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    XCTAssertEqual(failures, 100)
    XCTAssertEqual(try count(store), 200)
    store.close()
  }

  func testWriteBlocking_AlongsideTasks_LosesNothing() async throws {
    let store = try makeStore()
    let blocking = Blocking(mostThreads: 4)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<400 {
        group.addTask {
          if number.isMultiple(of: 2) {
            try await store.write { try $0.run("INSERT INTO t VALUES (?)", number) }
          } else {
            try await blocking.run { try store.writeBlocking { try $0.run("INSERT INTO t VALUES (?)", number) } }
          }
        }
      }
      try await group.waitForAll()
    }
    XCTAssertEqual(try count(store), 400)
    blocking.close()
    store.close()
  }

  /// A writer of a table of its own that syncs what was committed lazily after so long; its directory stays until the test
  /// has ended.
  private func makeWriter(latestSync: Duration) throws -> (Writer, DiskTrust) {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/wonder.db"
    let database = try Database(path: path, mode: .writing)
    try database.script("CREATE TABLE t (n INTEGER PRIMARY KEY)")
    let trust = DiskTrust(log: .silent)
    let writer = try Writer(
      database: database, trust: trust, ballast: Ballast(path: directory.path + "/ballast"), clock: .system,
      log: .silent, place: DatabasePlace(path: path), latestSync: latestSync)
    addTeardownBlock {
      writer.finish()
      writer.close()
      withExtendedLifetime(directory) {}
    }
    return (writer, trust)
  }

  private let mode: @Sendable (Database) throws -> Int = { database in
    try database.run("INSERT INTO t DEFAULT VALUES")
    return try database.first("PRAGMA synchronous", row: { $0.int(0) }) ?? -1
  }

  func testWriteBlocking_Lazily_IsOnDiskWithTheNextThatHasToBe() throws {
    let (writer, _) = try makeWriter(latestSync: .seconds(3600))
    let (normal, full) = (1, 2)
    for _ in 0..<2 {
      XCTAssertEqual(try writer.writeBlocking(lazily: true, mode), normal)
      XCTAssertTrue(writer.isBehind)
      try writer.writeBlocking { _ in }
      XCTAssertTrue(writer.isBehind, "where nothing is written nothing is synced")
      XCTAssertEqual(try writer.writeBlocking(mode), full)
      XCTAssertFalse(writer.isBehind, "its sync is that of all before it")
      try writer.writeBlocking(lazily: true) { _ in }
      XCTAssertFalse(writer.isBehind)
    }
  }

  func testWriteBlocking_Lazily_IsOnDiskALittleLater() throws {
    let (writer, trust) = try makeWriter(latestSync: .milliseconds(10))
    for _ in 0..<3 {
      _ = try writer.writeBlocking(lazily: true, mode)
      while writer.isBehind { usleep(1000) }
    }
    XCTAssertNil(trust.failure)
  }

  func testWrites_LazyAndOthers_InOneGroup_AreAllThere() async throws {
    let store = try makeStore()
    let blocking = Blocking(mostThreads: 8)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<600 {
        group.addTask {
          try await blocking.run {
            try store.writeBlocking(lazily: number.isMultiple(of: 2)) { try $0.run("INSERT INTO t VALUES (?)", number) }
          }
        }
      }
      try await group.waitForAll()
    }
    XCTAssertEqual(try count(store), 600)
    blocking.close()
    store.close()
  }

  func testWrite_AfterClose_IsRefused() async throws {
    let store = try makeStore()
    store.close()
    do {
      try await store.write { try $0.run("INSERT INTO t VALUES (1)") }
      XCTFail("written after the end")
    } catch let failure as StoreFailure {
      XCTAssertEqual(failure, .closed)
    }
    XCTAssertThrowsError(try store.writeBlocking { try $0.run("INSERT INTO t VALUES (1)") })
  }

  /// Readers never fold the log in; the writer does it between two transactions, so that it starts over at its front.
  func testLog_IsFoldedInByTheWriter() throws {
    let store = try makeStore()
    for number in 0..<24 {
      try store.writeBlocking { database in
        try database.run(
          """
          WITH RECURSIVE row (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < 40000)
          INSERT INTO t SELECT n + ? FROM row
          """, number * 40_000)
      }
    }
    XCTAssertEqual(try count(store), 960_000)
    let health = try store.health()
    XCTAssertGreaterThan(health.databaseBytes, 7 << 20)
    XCTAssertLessThan(health.logBytes, 5 << 20)
    store.close()
    XCTAssertNotEqual(access(store.directory.databasePath + "-wal", F_OK), 0)
  }

  /// A reader that comes while the log is folded in takes a snapshot of the log, and may keep it no longer than that.
  func testLog_StartsOver_ThoughSomebodyReadWhileItWasFoldedIn() throws {
    let place = try TemporaryDirectory()
    let directory = try DataDirectory(path: place.path + "/data")
    let database = try Database(path: directory.databasePath, mode: .writing)
    try database.script("CREATE TABLE t (n INTEGER PRIMARY KEY)")
    let commits = CommitCounter()
    let readers = Readers(path: directory.databasePath, commits: commits)
    let calls = Atomic(0)
    let writer = try Writer(
      database: database, trust: DiskTrust(log: .silent), ballast: directory.ballast, clock: .system, log: .silent,
      commits: commits,
      letReadersGo: {
        readers.letGo()
        guard calls.add(1, ordering: .relaxed).oldValue.isMultiple(of: 2) else { return }
        _ = try? readers.read { try $0.first("SELECT count(*) FROM t", row: { $0.int(0) }) }
      })
    for number in 0..<24 {
      try writer.writeBlocking { database in
        try database.run(
          """
          WITH RECURSIVE row (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < 40000)
          INSERT INTO t SELECT n + ? FROM row
          """, number * 40_000)
      }
    }
    XCTAssertLessThan(try FileBytes.size(directory.databasePath + "-wal"), 6 << 20)
    readers.close()
    writer.finish()
    writer.close()
  }

  func testReaders_CannotWrite() throws {
    let store = try makeStore()
    XCTAssertThrowsError(try store.read { try $0.run("INSERT INTO t VALUES (1)") })
    store.close()
  }

  func testFailure_NeverShowsBoundValues() throws {
    let store = try makeStore()
    try store.writeBlocking { try $0.run("INSERT INTO t VALUES (?)", 424_242) }
    XCTAssertThrowsError(try store.writeBlocking { try $0.run("INSERT INTO t VALUES (?)", 424_242) }) { error in
      XCTAssertFalse("\(error)".contains("424242"))
      XCTAssertEqual((error as? DatabaseFailure)?.isConstraint, true)
    }
    store.close()
  }
}
