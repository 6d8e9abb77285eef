import Basics
import TestSupport
import XCTest

@testable import Storage

/// A data directory of every earlier version, with jobs in it, is opened by this one with all that was there.
final class SchemaUpgradeTests: XCTestCase {
  /// What a version left: a finished job with its files and its history, one that waits, and one that runs.
  private static let rows = """
    INSERT INTO workspaces (slug, name, plan, state, created_at) VALUES ('w', 'w', 'pro', 'approved', 1);
    INSERT INTO jobs (workspace_id, number, dialect, status, conversion_type, source_format, target_format, options,
      webhook_url, created_at, started_at, finished_at)
    VALUES (1, 1, 'wonder', 'completed', 'image', 'png', 'jpg', '{"quality":50}', 'https://a.example/', 10, 20, 30),
      (1, 2, 'wonder', 'pending', 'image', 'png', 'jpg', '{}', NULL, 11, NULL, NULL),
      (1, 3, 'wonder', 'processing', 'image', 'png', 'jpg', '{}', NULL, 12, 22, NULL);
    INSERT INTO inputs (job_id, position, kind, file_name, blob, size, status)
    VALUES (1, 0, 'upload', 'a.png', '00a', 100, 'ready'), (2, 0, 'upload', 'b.png', '00b', 200, 'ready'),
      (3, 0, 'upload', 'c.png', '00c', 300, 'ready');
    INSERT INTO outputs (job_id, input_id, position, file_name, blob, media_type, size, sha256, width, height, downloads,
      created_at)
    VALUES (1, 1, 0, 'a.jpg', '00d', 'image/jpeg', 50, zeroblob(32), 4, 3, 2, 30);
    INSERT INTO queue (job_id, workspace_id, state, ready_at, attempt, boot_id)
    VALUES (2, 1, 'waiting', 11, 0, NULL), (3, 1, 'running', 12, 1, 'b');
    INSERT INTO events (workspace_id, job_id, kind, created_at)
    VALUES (1, 1, 'submitted', 10), (1, 1, 'started', 20), (1, 1, 'completed', 30), (1, 2, 'submitted', 11);
    """

  func testEveryEarlierVersion_KeepsItsJobsThroughAllSteps() throws {
    let steps = Migrations.embedded
    for version in steps.map(\.version).dropLast() {
      let directory = try TemporaryDirectory()
      let database = try Database(path: directory.path + "/wonder.db", mode: .writing)
      try Migrations(steps: steps.filter { $0.version <= version }, backups: directory.path + "/backups").apply(
        to: database, path: "x")
      try database.script(Self.rows)
      try Migrations(steps: steps, backups: directory.path + "/backups").apply(to: database, path: "x")
      try check(database, "from \(version)")
    }
  }

  private func check(_ database: Database, _ message: String) throws {
    let jobs = try (1...3).map { try XCTUnwrap(Jobs.find(1, id: $0, in: database), message) }
    XCTAssertEqual(jobs.map(\.status), [.completed, .pending, .processing], message)
    let task = JobTask(position: 0, conversionType: "image", targetFormat: "jpg", options: "{\"quality\":50}")
    XCTAssertEqual(try Tasks.all(jobs[0], in: database), [task], message)
    let input = try XCTUnwrap(Inputs.all(job: 1, in: database).first, message)
    XCTAssertEqual([input.fileName, input.blob], ["a.png", "00a"], message)
    XCTAssertEqual(input.kind, .upload, message)
    XCTAssertEqual(input.status, .ready, message)
    XCTAssertNil(input.format, message)
    let output = try XCTUnwrap(Outputs.all(job: 1, in: database).first, message)
    XCTAssertEqual([output.fileName, output.blob, output.mediaType], ["a.jpg", "00d", "image/jpeg"], message)
    XCTAssertEqual([output.width, output.height, output.downloads, output.task], [4, 3, 2, 0], message)
    XCTAssertEqual(output.inputID, 1, message)
    XCTAssertEqual(try Events.all(1, job: 1, in: database).map(\.kind), [.submitted, .started, .completed], message)
    XCTAssertEqual(try Queue.recover(bootID: "c", at: .init(milliseconds: 12), in: database), [3], message)
    XCTAssertEqual(try Queue.nextWaiting(after: 0, at: .init(milliseconds: 12), in: database)?.job, 2, message)
    XCTAssertEqual(try database.first("PRAGMA integrity_check", row: { $0.text(0) }), "ok", message)
    XCTAssertNil(try database.first("PRAGMA foreign_key_check", row: { $0.text(0) }), message)
  }
}
