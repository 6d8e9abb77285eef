import Basics
import Glibc
import TestSupport
import XCTest

@testable import Storage

/// A data directory whose counters hold the archives of batches, too, comes right when it is opened by a newer version.
final class ArchiveCountersTests: XCTestCase {
  func testCountersOfAnOlderVersion_LoseTheArchives() throws {
    let directory = try TemporaryDirectory()
    let database = try Database(path: directory.path + "/wonder.db", mode: .writing)
    let old = Migrations.embedded.filter { $0.version < 9 }
    XCTAssertEqual(old.count, 8)
    try Migrations(steps: old, backups: directory.path + "/backups").apply(to: database, path: "x")
    let now = Timestamp(milliseconds: 0)
    let ids = try ["a", "b"].map {
      try Workspaces.insert(slug: $0, name: $0, plan: "pro", at: now, in: database)
    }
    for (id, counts) in zip(
      ids,
      [
        // Two archives have ended and one runs.
        ["submitted": 10, "completed": 9, "failed": 1, "pending": 1, "processing": 2],
        ["submitted": 4, "completed": 3, "failed": 1],
      ])
    {
      for (name, count) in counts {
        try database.run("INSERT INTO counters VALUES (?, ?, ?)", id, "jobs.\(name)", count)
      }
    }
    // As that version wrote it; the columns of later ones are not there yet.
    try database.run(
      """
      INSERT INTO jobs (workspace_id, number, dialect, status, conversion_type, source_format, target_format, options,
        created_at)
      VALUES (?, 1, 'wonder', 'processing', 'archive', 'auto', 'zip', '{}', 0)
      """, ids[0])
    let job = database.lastRow
    let batch = try Batches.insert(
      NewBatch(workspaceID: ids[0], keyID: nil, dialect: "wonder", mode: .zip, total: 1, createdAt: now), in: database)
    try Batches.setArchiveJob(batch, job, in: database)
    try Migrations(steps: Migrations.embedded, backups: directory.path + "/backups").apply(to: database, path: "x")
    func counters(_ id: Int64) throws -> [Int64] {
      try ["submitted", "completed", "failed", "pending", "processing"].map {
        try Usage.counter(id, "jobs.\($0)", in: database)
      }
    }
    XCTAssertEqual(try counters(ids[0]), [10, 7, 1, 1, 1])
    XCTAssertEqual(try counters(ids[1]), [4, 3, 1, 0, 0])
    XCTAssertEqual(try Jobs.load(id: job, in: database)?.tellsEveryChange, false)
  }
}
