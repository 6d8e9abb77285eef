import Basics
import Glibc
import TestSupport
import XCTest

@testable import Storage

/// The power goes at any moment of a first start, and of one that brings a database of an older schema up to date.
final class PowerUpgradeTests: XCTestCase {
  /// What an older version has left, as far as all of them have the same tables.
  private static let version: Int64 = 9

  func testAFirstStart() throws {
    let recorder = try PowerRecorder()
    let data = recorder.root + "/data"
    try recorder.begin()
    let program = try ServedProgram(data: data, environment: recorder.environment)
    func wonder(_ words: String...) throws -> String {
      let result = try Shell.run([BuiltProgram.path, "admin"] + words + ["--data", data])
      XCTAssertEqual(result.code, 0, result.text)
      return result.text.split(separator: "\n").last.map(String.init) ?? ""
    }
    _ = try wonder("workspace", "create", "first", "--plan", "enterprise")
    recorder.answered("a workspace") { store in
      try store.read { try Workspaces.find(slug: "first", in: $0) } == nil ? "is gone" : nil
    }
    let client = Client(key: try wonder("key", "issue", "first"))
    recorder.answered("a key") { store in
      try store.read { try $0.first("SELECT count(*) FROM keys", row: { $0.int(0) }) } == 1 ? nil : "is gone"
    }
    let id = try XCTUnwrap(Client.accepted(client.submit(to: program)))
    // An id that was told is the same row's for ever, which the secret key decides.
    recorder.answered("a job") { store in
      let row = store.identifiers.row(.request, id)
      return try store.read { try Jobs.load(id: row ?? 0, in: $0) } == nil ? "is gone" : nil
    }
    XCTAssertEqual(try client.end(of: id, at: program).status, "completed")
    XCTAssertEqual(program.end(SIGTERM), 0)
    let run = try PowerRun("a first start", recorder.finish())
    run.look { try PowerLook.problems($0 + "/data", $1) }
    try run.serve(PowerRun.isLong ? 20 : 1) { place, claims in
      try PowerLook.serve(place + "/data", claims) { program in
        if claims.contains(where: { $0.name == "a job" }) {
          XCTAssertEqual(try client.end(of: id, at: program).status, "completed")
        }
      }
    }
  }

  func testASchemaChange() throws {
    let recorder = try PowerRecorder()
    let data = recorder.root + "/data"
    try makeOld(data)
    try recorder.begin()
    let program = try ServedProgram(data: data, environment: recorder.environment)
    recorder.ended("serves")
    XCTAssertEqual(program.end(SIGTERM), 0)
    let run = try PowerRun("a schema change", recorder.finish())
    run.look { try PowerUpgradeTests.problems($0 + "/data", $1) }
    try run.serve(PowerRun.isLong ? 20 : 1) { place, claims in try PowerLook.serve(place + "/data", claims) }
  }

  /// A database with the tables of an earlier version, and a finished job with its files.
  private func makeOld(_ data: String) throws {
    let directory = try DataDirectory(path: data)
    try Blobs.makeDirectories(directory.filesPath)
    _ = try directory.secretKey(.system)
    for blob in ["00aa", "00bb", "00cc"] { try FileBytes.write(Client.picture, to: "\(data)/files/00/\(blob)") }
    let database = try Database(path: directory.databasePath, mode: .writing)
    try Migrations(steps: Migrations.embedded.filter { $0.version <= Self.version }, backups: data + "/backups").apply(
      to: database, path: "x")
    let sum = Hexadecimal.encode(SHA256.digest(Client.picture))
    try database.script(
      """
      INSERT INTO workspaces (slug, name, plan, state, created_at) VALUES ('w', 'w', 'pro', 'approved', 1);
      INSERT INTO jobs (workspace_id, number, dialect, status, conversion_type, source_format, target_format, options,
        created_at, started_at, finished_at)
      VALUES (1, 1, 'wonder', 'completed', 'image', 'png', 'png', '{}', 10, 20, \(Clock.system.now().milliseconds)),
        (1, 2, 'wonder', 'pending', 'image', 'png', 'png', '{}', 11, NULL, NULL);
      INSERT INTO inputs (job_id, position, kind, file_name, blob, size, status)
      VALUES (1, 0, 'upload', 'a.png', '00aa', \(Client.picture.count), 'ready'),
        (2, 0, 'upload', 'b.png', '00bb', \(Client.picture.count), 'ready');
      INSERT INTO outputs (job_id, input_id, position, file_name, blob, media_type, size, sha256, created_at)
      VALUES (1, 1, 0, 'a.png', '00cc', 'image/png', \(Client.picture.count), X'\(sum)', 30);
      INSERT INTO queue (job_id, workspace_id, state, ready_at, attempt) VALUES (2, 1, 'waiting', 11, 0);
      """)
    database.close(foldsLog: true)
    directory.markClosed()
    directory.close()
  }

  /// Both jobs are there with their files, and so is a copy of the database as it was.
  private static func problems(_ data: String, _ claims: [PowerClaim]) throws -> [String] {
    var problems = try PowerLook.problems(data, claims)
    let copy = try Database(path: "\(data)/backups/wonder-schema-\(Int(version).padded(4)).db", mode: .reading)
    defer { copy.close() }
    let isWhole = try Migrations.version(of: copy) == version && copy.quickCheck().isEmpty
    let kept = try copy.first("SELECT count(*) FROM jobs", row: { $0.int(0) })
    if !isWhole || kept != 2 { problems.append("the copy of the old database is not that") }
    let database = try Database(path: data + "/wonder.db", mode: .reading)
    defer { database.close() }
    let found = try database.all("SELECT status FROM jobs ORDER BY id", row: { $0.text(0) })
    if found.count != 2 || found[0] != "completed" { problems.append("the jobs are \(found)") }
    return problems
  }
}
