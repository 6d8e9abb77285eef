import Basics
import Glibc
import Synchronization
import TestSupport
import XCTest

@testable import Storage

/// Readers that keep their snapshot between two commits.
final class ReadersTests: XCTestCase {
  @Sendable private static func count(_ database: Database) throws -> Int { try Workspaces.all(in: database).count }

  private static func add(_ store: Store, _ slug: String) throws {
    try store.writeBlocking { database in
      _ = try Workspaces.insert(slug: slug, name: slug, plan: "pro", at: Timestamp(milliseconds: 0), in: database)
    }
  }

  func testRead_AfterAWrite_SeesIt() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    defer { store.close() }
    for number in 0..<50 {
      XCTAssertEqual(try store.read(Self.count), number)
      try Self.add(store, "w\(number)")
    }
    struct Stop: Error {}
    XCTAssertThrowsError(try store.read { _ in throw Stop() })
    XCTAssertThrowsError(try store.read { try $0.run("SELECT nothing FROM nowhere") })
    XCTAssertEqual(try store.read(Self.count), 50)
  }

  func testRead_BesideWritersOnManyThreads_NeverSeesLessThanWasAnswered() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    defer { store.close() }
    let threads = (0..<4).map { thread in
      ServiceThread("writer-\(thread)") {
        for number in 0..<50 {
          do {
            let before = try store.read(Self.count)
            try Self.add(store, "t\(thread)-\(number)")
            XCTAssertGreaterThan(try store.read(Self.count), before)
          } catch { XCTFail("\(error)") }
        }
      }
    }
    for thread in threads { thread.join() }
    XCTAssertEqual(try store.read(Self.count), 200)
  }

  func testIdleSnapshots_DoNotKeepTheLogFromStartingOver() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    defer { store.close() }
    let bulk = String(repeating: "x", count: 100_000)
    for number in 0..<400 {
      XCTAssertEqual(try store.read(Self.count), number)
      try store.writeBlocking { database in
        _ = try Workspaces.insert(
          slug: "w\(number)", name: bulk, plan: "pro", at: Timestamp(milliseconds: 0), in: database)
      }
    }
    // 400 times 25 pages were written; a log that never started over would have 40 MB.
    XCTAssertLessThan(try store.health().logBytes, 16 << 20)
  }

  func testConnections_OfAMomentWithManyReaders_AreClosedAgain() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    defer { store.close() }
    let (inside, gate) = (Doorbell(), Gate())
    let count = Mutex(0)
    let threads = (0..<60).map { number in
      ServiceThread("reader-\(number)") {
        let found = try? store.read { database in
          count.withLock { $0 += 1 }
          inside.ring()
          gate.wait()
          return try Self.count(database)
        }
        XCTAssertEqual(found, 0)
      }
    }
    while count.withLock({ $0 }) < 60, inside.wait(timeout: .seconds(60)) {}
    XCTAssertGreaterThan(try opened(in: directory.path), 60)
    gate.open()
    for thread in threads { thread.join() }
    // What idles, and the writer's own.
    XCTAssertLessThanOrEqual(try opened(in: directory.path), 40)
    try Self.add(store, "w")
    XCTAssertEqual(try store.read(Self.count), 1)
  }

  /// How many descriptors of this process are open on the log of the folder's database.
  private func opened(in folder: String) throws -> Int {
    var (log, facts) = (stat(), stat())
    XCTAssertEqual(stat(folder + "/wonder.db-wal", &log), 0)
    return try FileTree.names(in: "/proc/self/fd").count { name in
      stat("/proc/self/fd/" + name, &facts) == 0 && facts.st_ino == log.st_ino && facts.st_dev == log.st_dev
    }
  }
}
