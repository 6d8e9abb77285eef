import Basics
import Glibc
import TestSupport
import XCTest

@testable import Storage

final class StoreTests: XCTestCase {
  func testOpen_MakesThePrivateDirectoryOnce() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/data"
    let first = try Store(path: path)
    let text = first.identifiers.text(.request, 1)
    first.close()
    var status = stat()
    XCTAssertEqual(stat(path, &status), 0)
    XCTAssertEqual(status.st_mode & 0o777, 0o700)
    XCTAssertEqual(stat(path + "/secret.key", &status), 0)
    XCTAssertEqual(status.st_mode & 0o777, 0o600)
    XCTAssertEqual(try FileTree.names(in: path + "/files").count, 256)
    _ = consume first
    let second = try Store(path: path)
    XCTAssertEqual(second.identifiers.text(.request, 1), text)
    second.close()
  }

  func testOpen_OfADirectoryInUse_IsRefusedWithTheProcess() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    XCTAssertThrowsError(try Store(path: directory.path)) { error in
      XCTAssertEqual(error as? StoreFailure, .inUse(path: directory.path, owner: String(getpid())))
    }
    store.close()
  }

  func testOpen_EmptiesTheSpool() throws {
    let directory = try TemporaryDirectory()
    mkdir(directory.path + "/spool", 0o700)
    mkdir(directory.path + "/spool/left", 0o700)
    try directory.file("spool/left/over", [1])
    let store = try Store(path: directory.path)
    XCTAssertEqual(try FileTree.names(in: directory.path + "/spool"), [])
    store.close()
  }

  func testOpen_OfAnotherProgramsDatabase_IsRefused() throws {
    let directory = try TemporaryDirectory()
    let other = try Database(path: directory.path + "/wonder.db", mode: .writing)
    try other.script("CREATE TABLE theirs (x)")
    XCTAssertThrowsError(try Store(path: directory.path)) { error in
      XCTAssertEqual(error as? StoreFailure, .notOurs(path: directory.path + "/wonder.db"))
    }
  }

  func testOpen_OfANewerSchema_IsRefused() throws {
    let directory = try TemporaryDirectory()
    do {
      let store = try Store(path: directory.path)
      try store.writeBlocking { try $0.script("PRAGMA user_version = 9999") }
      store.close()
    }
    XCTAssertThrowsError(try Store(path: directory.path)) { error in
      XCTAssertTrue("\(error)".contains("schema 9999"), "\(error)")
    }
  }

  func testHealth_ShowsEverySettingOfD1() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    defer { store.close() }
    let health = try store.health(checksAll: true)
    XCTAssertEqual(
      health.settings.map { "\($0.name)=\($0.value)" },
      [
        "journal_mode=wal", "synchronous=2", "foreign_keys=1", "busy_timeout=5000", "trusted_schema=0",
        "cell_size_check=1", "temp_store=2", "mmap_size=0", "wal_autocheckpoint=0", "journal_size_limit=67108864",
        "application_id=\(Database.applicationID)", "user_version=\(Migrations.embedded.count)",
      ])
    XCTAssertEqual(health.problems, [])
    XCTAssertNil(health.failure)
    XCTAssertGreaterThan(health.databaseBytes, 50_000)
    XCTAssertEqual(health.ballastBytes, Ballast.size)
  }

  func testPlace_MovesFilesAndRemoveDeletesThem() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path + "/data")
    // More than there are threads that sync them.
    let paths =
      try ["a", "b"].map { try directory.file($0, Array($0.utf8)) }
      + (0..<60).map { try directory.file("more\($0)", [1]) }
    let blobs = try store.blobs.place(paths)
    XCTAssertEqual(Set(blobs.map { $0.prefix(2) }).count, 1)
    XCTAssertEqual(try FileBytes.read(store.blobs.path(blobs[1]), atMost: 10), Array("b".utf8))
    XCTAssertEqual(try store.blobs.names().sorted(), blobs.sorted())
    XCTAssertNotEqual(access(paths[0], F_OK), 0)
    store.blobs.remove(blobs)
    XCTAssertEqual(try store.blobs.names(), [])
    store.close()
  }

  func testPlace_ThatFails_LeavesNothing() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path + "/data")
    let good = try (0..<40).map { try directory.file("a\($0)", [1]) }
    XCTAssertThrowsError(try store.blobs.place(good + [directory.path + "/missing"]))
    XCTAssertEqual(try store.blobs.names(), [])
    // All are synced, and the second time one is no longer there to be moved.
    XCTAssertThrowsError(try store.blobs.place([good[0], good[0]]))
    XCTAssertEqual(try store.blobs.names(), [])
    store.close()
  }

  func testClose_OnceMore_DoesNothing() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    store.close()
    store.close()
    try Store(path: directory.path).close()
  }
}
