import Basics
import Glibc
import Synchronization
import TestSupport
import XCTest

@testable import Storage

/// A data directory that is not as it was left: the start refuses with what to do and changes nothing (D4).
final class OpeningTests: XCTestCase {
  /// A directory with one job's file, closed in order.
  private func makeDirectory() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    _ = try store.blobs.place([directory.file("a", [1])])
    try store.writeBlocking { database in
      for number in 0..<200 {
        _ = try Workspaces.insert(
          slug: "w\(number)", name: "n", plan: "pro", at: Timestamp(milliseconds: 0), in: database)
      }
    }
    store.close()
    return directory
  }

  private func refusal(_ directory: TemporaryDirectory) -> String {
    do {
      try Store(path: directory.path).close()
      return "opened"
    } catch {
      return "\(error)"
    }
  }

  func testTextFile_IsRefusedAndLeftAlone() throws {
    let directory = try makeDirectory()
    let text = Array(String(repeating: "this is no database\n", count: 100).utf8)
    try directory.file("wonder.db", text)
    let refusal = refusal(directory)
    XCTAssertTrue(refusal.contains("/wonder.db is damaged (file is not a database)"), refusal)
    XCTAssertTrue(refusal.contains("wonder admin restore FILE"), refusal)
    XCTAssertEqual(try FileBytes.read(directory.path + "/wonder.db", atMost: 1 << 20), text)
  }

  /// One bit in the text of the schema, which SQLite takes as it stands.
  func testNameThatAFlippedBitHasChanged_IsRefusedAndLeftAlone() throws {
    let directory = try makeDirectory()
    let path = directory.path + "/wonder.db"
    let whole = try FileBytes.read(path, atMost: 1 << 24)
    for (name, part) in [
      ("error_message", "the column error_message of"), ("slug ", "the column slug of workspaces"),
      ("jobs_by_", "of the index jobs_by_"),
    ] {
      var bytes = whole
      let place = try XCTUnwrap(bytes.firstRange(of: Array(name.utf8))).lowerBound
      bytes[place] ^= 4
      try FileBytes.write(bytes, to: path)
      let refusal = refusal(directory)
      XCTAssertTrue(refusal.contains("/wonder.db is damaged"), refusal)
      XCTAssertTrue(refusal.contains(part) || refusal.contains("malformed"), refusal)
      XCTAssertEqual(try FileBytes.read(path, atMost: 1 << 24), bytes)
    }
    try FileBytes.write(whole, to: path)
    XCTAssertEqual(refusal(directory), "opened")
  }

  /// What a start compares with instead of making every step once more.
  func testNewestShape_IsWhatTheStepsMake() throws {
    let steps = Migrations.embedded
    XCTAssertEqual(steps.last?.version, Shape.newest.version)
    let made = try Shape(steps: steps, upTo: Shape.newest.version)
    XCTAssertEqual(made.digest, Shape.newest.digest)
    XCTAssertNotEqual(made.digest, try Shape(steps: steps, upTo: Shape.newest.version - 1).digest)
  }

  func testWhatTheOperatorHasAdded_IsNoDamage() throws {
    let directory = try makeDirectory()
    let database = try Database(path: directory.path + "/wonder.db", mode: .writing)
    try database.run("CREATE TABLE notes (text TEXT)")
    try database.run("CREATE INDEX notes_by_text ON notes(text)")
    database.close(foldsLog: true)
    XCTAssertEqual(refusal(directory), "opened")
  }

  func testDamagedPage_IsRefusedAndLeftAlone() throws {
    let directory = try makeDirectory()
    var bytes = try FileBytes.read(directory.path + "/wonder.db", atMost: 1 << 24)
    let page = try XCTUnwrap(bytes.firstRange(of: Array("w150".utf8))).lowerBound / 4096
    for index in page * 4096..<page * 4096 + 64 { bytes[index] = 0xA5 }
    try directory.file("wonder.db", bytes)
    let refusal = refusal(directory)
    XCTAssertTrue(refusal.contains("/wonder.db is damaged ("), refusal)
    XCTAssertEqual(try FileBytes.read(directory.path + "/wonder.db", atMost: 1 << 24), bytes)
  }

  func testFileThatCannotBeOpened_IsNamedWithTheReasonOfTheSystem() throws {
    let directory = try TemporaryDirectory()
    XCTAssertThrowsError(try Database(path: directory.path + "/none.db", mode: .reading)) { error in
      XCTAssertTrue("\(error)".contains("No such file or directory"), "\(error)")
    }
  }

  func testCutDatabase_IsRefused() throws {
    let directory = try makeDirectory()
    XCTAssertEqual(truncate(directory.path + "/wonder.db", 20_000), 0)
    let refusal = refusal(directory)
    XCTAssertTrue(refusal.contains("is damaged ("), refusal)
  }

  func testMissingDatabase_BesideFilesOfJobs_IsRefused() throws {
    let directory = try makeDirectory()
    for emptied in [{ truncate($0, 0) }, { unlink($0) }] as [(String) -> Int32] {
      XCTAssertEqual(emptied(directory.path + "/wonder.db"), 0)
      let refusal = refusal(directory)
      XCTAssertTrue(refusal.contains("there are files of jobs, but"), refusal)
      XCTAssertTrue(refusal.contains("wonder admin restore FILE"), refusal)
    }
  }

  func testMissingLog_AfterAnUncleanEnd_IsRefusedUntilTheLockIsRemoved() throws {
    let directory = try makeDirectory()
    try directory.file("lock", Array("4242 open".utf8))
    for _ in 1...2 {
      let refusal = refusal(directory)
      XCTAssertTrue(refusal.contains("/wonder.db-wal is gone"), refusal)
      XCTAssertTrue(refusal.contains("remove \(directory.path)/lock"), refusal)
    }
    unlink(directory.path + "/lock")
    XCTAssertEqual(refusal(directory), "opened")
  }

  /// Frames of the log carry checksums, so a log that was cut ends with the last whole transaction.
  func testCutLog_EndsWithTheLastWholeTransaction() throws {
    let directory = try TemporaryDirectory()
    let image = directory.path + "/image"
    try {
      let store = try Store(path: directory.path + "/data")
      for slug in ["first", "second"] {
        try store.writeBlocking { database in
          _ = try Workspaces.insert(
            slug: slug, name: slug, plan: "pro", at: Timestamp(milliseconds: 0), in: database)
        }
      }
      mkdir(image, 0o700)
      for name in ["wonder.db", "wonder.db-wal", "secret.key", "lock"] {
        try FileBytes.write(FileBytes.read("\(directory.path)/data/\(name)", atMost: 1 << 24), to: "\(image)/\(name)")
      }
      store.close()
    }()
    var log = stat()
    XCTAssertEqual(stat(image + "/wonder.db-wal", &log), 0)
    XCTAssertEqual(truncate(image + "/wonder.db-wal", log.st_size - 100), 0)
    let store = try Store(path: image)
    XCTAssertEqual(try store.read { try Workspaces.all(in: $0).map(\.slug) }, ["first"])
    store.close()
  }

  /// The way back to an older version (docs/operations.md), after an end that was not in order.
  func testOlderCopy_IsOpenedAsItWas_WithoutWhatTheNewerOneHasLeft() throws {
    let directory = try TemporaryDirectory()
    let (data, image) = (directory.path + "/data", directory.path + "/image")
    try {
      let store = try Store(path: data)
      mkdir(image, 0o700)
      for slug in ["first", "second"] {
        try store.writeBlocking { database in
          _ = try Workspaces.insert(
            slug: slug, name: slug, plan: "pro", at: Timestamp(milliseconds: 0), in: database)
        }
        if slug == "first" { try DatabaseCopy.make(ofFile: store.directory.databasePath, at: image + "/wonder.db") }
      }
      for name in ["wonder.db-wal", "secret.key", "lock"] {
        try FileBytes.write(FileBytes.read("\(data)/\(name)", atMost: 1 << 24), to: "\(image)/\(name)")
      }
      store.close()
    }()
    XCTAssertEqual(unlink(image + "/wonder.db-wal"), 0)
    XCTAssertThrowsError(try Store(path: image)) { error in
      guard case .missingLog = error as? StoreFailure else { return XCTFail("\(error)") }
    }
    XCTAssertEqual(unlink(image + "/lock"), 0)
    let store = try Store(path: image)
    XCTAssertEqual(try store.read { try Workspaces.all(in: $0).map(\.slug) }, ["first"])
    store.close()
  }

  /// The 256 folders are made with one sync, before which a loss of power may take any of them.
  func testFolderThatIsMissingAmongTheOthers_IsMadeAgain() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/data"
    try Store(path: path).close()
    XCTAssertEqual(rmdir(path + "/files/3a"), 0)
    let store = try Store(path: path)
    defer { store.close() }
    XCTAssertEqual(try FileTree.names(in: path + "/files").count, 256)
  }

  func testUnfinishedRestore_IsRefused() throws {
    let directory = try makeDirectory()
    try directory.file("restoring", [])
    XCTAssertTrue(refusal(directory).contains("was not finished; empty the directory"), refusal(directory))
  }

  func testFolderOfTheSpoolInWhichSomebodyStillWrites_KeepsNoServerFromItsStart() throws {
    let directory = try makeDirectory()
    let folder = directory.path + "/spool/tool-1-1"
    let isOver = Atomic(false)
    let dying = ServiceThread("dying") {
      var number = 0
      while !isOver.load(ordering: .acquiring) {
        mkdir(folder, 0o700)
        mkdir(folder + "/profile", 0o700)
        for _ in 0..<50 {
          number += 1
          close(open(folder + "/profile/\(number)", O_CREAT | O_WRONLY, 0o600))
        }
      }
    }
    defer {
      isOver.store(true, ordering: .releasing)
      dying.join()
    }
    for _ in 0..<20 { try Store(path: directory.path).close() }
  }
}
