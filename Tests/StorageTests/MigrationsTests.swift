import Basics
import Glibc
import TestSupport
import XCTest

@testable import Storage

/// Schema changes with a list of steps of their own: forward only, a copy first, the old schema or the new one.
final class MigrationsTests: XCTestCase {
  private struct Stopped: Error {}

  private static let steps = [
    Migrations.Step(version: 1, sql: "CREATE TABLE t (n INTEGER)"),
    Migrations.Step(version: 2, sql: "ALTER TABLE t ADD COLUMN m INTEGER; UPDATE t SET m = n * 2"),
    Migrations.Step(version: 3, sql: "CREATE TABLE u (n INTEGER); INSERT INTO u SELECT m FROM t"),
  ]

  private func open(_ directory: TemporaryDirectory) throws -> Database {
    try Database(path: directory.path + "/wonder.db", mode: .writing)
  }

  private func migrations(
    _ directory: TemporaryDirectory, upTo last: Int = 3, beforeCommit: @escaping (Int64) throws -> Void = { _ in }
  ) -> Migrations {
    Migrations(
      steps: Array(Self.steps.prefix(last)), backups: directory.path + "/backups", beforeCommit: beforeCommit)
  }

  private func number(_ database: Database, _ sql: StaticString) throws -> Int64? {
    try database.first(sql, row: { $0.integer(0) })
  }

  func testNewDatabase_GetsEveryStepAndNoCopy() throws {
    let directory = try TemporaryDirectory()
    let database = try open(directory)
    try migrations(directory).apply(to: database, path: "x")
    XCTAssertEqual(try Migrations.version(of: database), 3)
    XCTAssertEqual(try number(database, "PRAGMA application_id"), Database.applicationID)
    XCTAssertNotEqual(access(directory.path + "/backups", F_OK), 0)
  }

  func testNewDatabase_IsMadeByOneCommit() throws {
    let directory = try TemporaryDirectory()
    let database = try open(directory)
    let stopsAtThird = migrations(directory) { if $0 == 3 { throw Stopped() } }
    XCTAssertThrowsError(try stopsAtThird.apply(to: database, path: "x"))
    XCTAssertEqual(try Migrations.version(of: database), 0)
    XCTAssertEqual(try number(database, "SELECT count(*) FROM sqlite_schema"), 0)
    try migrations(directory).apply(to: database, path: "x")
    XCTAssertEqual(try Migrations.version(of: database), 3)
  }

  func testOlderDatabase_IsCopiedFirst() throws {
    let directory = try TemporaryDirectory()
    let database = try open(directory)
    try migrations(directory, upTo: 1).apply(to: database, path: "x")
    try database.run("INSERT INTO t VALUES (21)")
    try migrations(directory).apply(to: database, path: "x")
    XCTAssertEqual(try number(database, "SELECT n FROM u"), 42)
    XCTAssertEqual(try FileTree.names(in: directory.path + "/backups"), ["wonder-schema-0001.db"])
    var status = stat()
    let copyPath = directory.path + "/backups/wonder-schema-0001.db"
    XCTAssertEqual(stat(copyPath, &status), 0)
    XCTAssertEqual(status.st_mode & 0o777, 0o600)
    let copy = try Database(path: copyPath, mode: .reading)
    XCTAssertEqual(try Migrations.version(of: copy), 1)
    XCTAssertEqual(try number(copy, "PRAGMA application_id"), Database.applicationID)
    XCTAssertEqual(try number(copy, "SELECT n FROM t"), 21)
    try migrations(directory).apply(to: database, path: "x")
  }

  func testStepThatFails_LeavesTheSchemaBeforeIt() throws {
    let directory = try TemporaryDirectory()
    let database = try open(directory)
    try migrations(directory, upTo: 1).apply(to: database, path: "x")
    let stopping = migrations(directory) { version in if version == 3 { throw Stopped() } }
    XCTAssertThrowsError(try stopping.apply(to: database, path: "x"))
    XCTAssertEqual(try Migrations.version(of: database), 2)
    XCTAssertThrowsError(try database.run("SELECT * FROM u"))
    try migrations(directory).apply(to: database, path: "x")
    XCTAssertEqual(try Migrations.version(of: database), 3)
  }

  /// The files as they are inside a step's transaction are what a kill at that moment leaves behind.
  func testKillInsideAStep_LeavesTheOldSchemaWhole() throws {
    let directory = try TemporaryDirectory()
    let database = try open(directory)
    try migrations(directory, upTo: 1).apply(to: database, path: "x")
    try database.run(
      "INSERT INTO t SELECT value FROM json_each('[' || replace(hex(zeroblob(500)), '00', '7,') || '7]')")
    // So small a cache writes pages of the transaction to the log before its commit.
    try database.script("PRAGMA cache_size = 1")
    var images: [(version: Int64, path: String)] = []
    let copying = migrations(directory) { version in
      let image = directory.path + "/image-\(version)"
      mkdir(image, 0o700)
      for name in ["wonder.db", "wonder.db-wal"] {
        try FileBytes.write(FileBytes.read("\(directory.path)/\(name)", atMost: 1 << 24), to: "\(image)/\(name)")
      }
      images.append((version, image + "/wonder.db"))
    }
    try copying.apply(to: database, path: "x")
    XCTAssertEqual(images.map(\.version), [2, 3])
    for image in images {
      let left = try Database(path: image.path, mode: .writing)
      XCTAssertEqual(try Migrations.version(of: left), image.version - 1)
      XCTAssertEqual(try left.first("PRAGMA integrity_check", row: { $0.text(0) }), "ok")
      XCTAssertEqual(try number(left, "SELECT count(*) FROM t"), 501)
      try migrations(directory).apply(to: left, path: "x")
      XCTAssertEqual(try number(left, "SELECT sum(n) FROM u"), 501 * 14)
    }
  }

  func testNewerAndForeignDatabases_AreRefusedUntouched() throws {
    let directory = try TemporaryDirectory()
    let database = try open(directory)
    try migrations(directory).apply(to: database, path: "x")
    XCTAssertThrowsError(try migrations(directory, upTo: 2).apply(to: database, path: "x")) { error in
      XCTAssertEqual(error as? StoreFailure, .newerSchema(found: 3, known: 2))
      XCTAssertTrue("\(error)".contains("wonder admin restore FILE"), "\(error)")
    }
    XCTAssertEqual(try Migrations.version(of: database), 3)
    try database.script("PRAGMA application_id = 7")
    XCTAssertThrowsError(try migrations(directory).apply(to: database, path: "x")) { error in
      XCTAssertEqual(error as? StoreFailure, .notOurs(path: "x"))
    }
  }

  func testCopyThatCannotBeMade_StopsTheMigration() throws {
    let directory = try TemporaryDirectory()
    let database = try open(directory)
    try migrations(directory, upTo: 1).apply(to: database, path: "x")
    try directory.file("backups", [])
    XCTAssertThrowsError(try migrations(directory).apply(to: database, path: "x"))
    XCTAssertEqual(try Migrations.version(of: database), 1)
  }

  /// The table of deliveries is made anew, with the attempts that hang on its rows, and no number comes again.
  func testMailStep_KeepsDeliveriesAndAttempts() throws {
    let directory = try TemporaryDirectory()
    let database = try open(directory)
    let all = Migrations.embedded
    let before = Migrations(steps: all.filter { $0.version < 4 }, backups: directory.path + "/backups")
    try before.apply(to: database, path: "x")
    try database.script(
      """
      INSERT INTO workspaces (slug, name, plan, state, created_at) VALUES ('w', 'w', 'pro', 'approved', 1);
      INSERT INTO deliveries (id, workspace_id, event_id, event, style, url, host, body, state, created_at)
        VALUES (1, 1, 'e', 'x', 'wonder', 'u', 'h', x'7b', 'failed', 1), (9, 1, 'e', 'x', 'wonder', 'u', 'h', x'', 'failed', 1);
      UPDATE deliveries SET replay_of = 9 WHERE id = 1;
      INSERT INTO attempts (delivery_id, number, started_at, milliseconds) VALUES (1, 1, 5, 6);
      UPDATE deliveries SET replay_of = NULL;
      DELETE FROM deliveries WHERE id = 9;
      """)
    try Migrations(steps: all, backups: directory.path + "/backups").apply(to: database, path: "x")
    XCTAssertEqual(try number(database, "SELECT milliseconds FROM attempts WHERE delivery_id = 1"), 6)
    XCTAssertEqual(try number(database, "SELECT length(body) FROM deliveries WHERE id = 1"), 1)
    try database.run(
      """
      INSERT INTO deliveries (event_id, event, style, url, host, body, state, created_at)
      VALUES ('e', 'x', 'mail', 'u', 'mailto', x'', 'waiting', 1)
      """)
    XCTAssertEqual(database.lastRow, 10)
    try database.run("DELETE FROM workspaces")
    XCTAssertEqual(try number(database, "SELECT count(*) FROM attempts"), 0)
    XCTAssertEqual(try number(database, "SELECT count(*) FROM deliveries"), 1)
    XCTAssertEqual(try number(database, "SELECT count(*) FROM pragma_foreign_key_check"), 0)
  }

  /// The table of rates is made anew, with what is in it.
  func testVisitorsStep_KeepsRates() throws {
    let directory = try TemporaryDirectory()
    let database = try open(directory)
    let all = Migrations.embedded
    let before = Migrations(steps: all.filter { $0.version < 13 }, backups: directory.path + "/backups")
    try before.apply(to: database, path: "x")
    try database.script(
      """
      INSERT INTO workspaces (slug, name, plan, state, created_at) VALUES ('w', 'w', 'pro', 'approved', 1);
      INSERT INTO keys (workspace_id, hash, hint, name, kind, may_read, may_submit, webhook_secret, created_at)
        VALUES (1, zeroblob(32), 'h', 'n', 'secret', 1, 1, 's', 1);
      INSERT INTO rates (key_id, permission, full_at) VALUES (1, 'files', 77);
      """)
    try Migrations(steps: all, backups: directory.path + "/backups").apply(to: database, path: "x")
    XCTAssertEqual(try number(database, "SELECT full_at FROM rates WHERE permission = 'files'"), 77)
    try database.run("INSERT INTO rates (key_id, permission, full_at) VALUES (1, 'day', 78)")
    XCTAssertEqual(try number(database, "SELECT count(*) FROM plans WHERE submissions_per_day IS NULL"), 4)
    try database.run("DELETE FROM keys")
    XCTAssertEqual(try number(database, "SELECT count(*) FROM rates"), 0)
  }

  func testEmbeddedSteps_CountUpFromOne() {
    XCTAssertEqual(Migrations.embedded.map(\.version), Array(1...Int64(Migrations.embedded.count)))
  }
}
