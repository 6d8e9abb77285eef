import Basics
import Formats
import Storage
import TestSupport
import XCTest

@testable import Conversion
@testable import Engine

/// The jobs of a batch have the same rows, counts and places in the queue as if each had been written by itself.
final class JobRecordsTests: XCTestCase {
  private static let now = Timestamp(milliseconds: 1000)
  private let lanes = LaneFinder(catalogue: Catalogue(makers: Makers.builtIn, found: Toolbox(paths: [:])))

  private func store() throws -> Store {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    try store.writeBlocking { database in
      for slug in ["w", "other"] {
        let id = try Workspaces.insert(slug: slug, name: slug, plan: "pro", at: Self.now, in: database)
        _ = try Jobs.insert(Self.record(id, .pending, lane: 0, bytes: []).row, in: database)
      }
    }
    addTeardownBlock { withExtendedLifetime(directory) { store.close() } }
    return store
  }

  private static func record(_ workspace: Int64, _ status: JobStatus, lane: Int, bytes: [Int64]) -> JobRecord {
    var row = NewJob(
      workspaceID: workspace, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: "jpg",
      createdAt: now)
    row.status = status
    let inputs = bytes.enumerated().map { position, size in
      (input: NewInput(fileName: "a\(position)", .file(blob: "00a", size: size, sha256: nil)), position: position)
    }
    return JobRecord(row: row, inputs: inputs, tasks: [], mostBytes: 0, lane: lane)
  }

  /// Every row of every table that jobs have a part in, in words.
  private func rows(_ store: Store) throws -> [String] {
    try store.read { database in
      try database.all("SELECT * FROM (SELECT 'job', id, workspace_id, number, status FROM jobs) ORDER BY id") {
        "\($0.text(0)) \($0.integer(1)) \($0.integer(2)) \($0.integer(3)) \($0.text(4))"
      }
        + database.all("SELECT job_id, position, size FROM inputs ORDER BY job_id, position") {
          "input \($0.integer(0)) \($0.integer(1)) \($0.integer(2))"
        }
        + database.all("SELECT job_id, workspace_id, state, ready_at, lane, is_small FROM queue ORDER BY job_id") {
          "queue \($0.integer(0)) \($0.integer(1)) \($0.text(2)) \($0.integer(3)) \($0.integer(4)) \($0.integer(5))"
        }
        + database.all("SELECT id, workspace_id, job_id, kind, detail, created_at FROM events ORDER BY id") {
          "event \($0.integer(0)) \($0.integer(1)) \($0.integer(2)) \($0.text(3)) \($0.text(4)) \($0.integer(5))"
        }
        + database.all("SELECT workspace_id, name, value FROM counters ORDER BY 1, 2") {
          "counter \($0.integer(0)) \($0.text(1)) \($0.integer(2))"
        }
    }
  }

  func testBatch_HasTheRowsOfItsJobsWrittenOneByOne() throws {
    let large = Queue.smallBytes
    let records = [
      Self.record(1, .pending, lane: 0, bytes: [5]), Self.record(1, .pending, lane: 0, bytes: [large]),
      Self.record(1, .downloading, lane: 0, bytes: []), Self.record(1, .pending, lane: 2, bytes: [3, 4]),
      Self.record(1, .incomplete, lane: 2, bytes: [1]), Self.record(1, .pending, lane: 2, bytes: [large - 1, 1]),
      Self.record(1, .pending, lane: 0, bytes: [9]),
    ]
    let (together, single) = (try store(), try store())
    let (first, isAnnounced) = try together.writeBlocking { [lanes] in
      try JobRecords(records: records).write(lanes, nil, $0)
    }
    XCTAssertEqual(first, 3)
    XCTAssertFalse(isAnnounced)
    try single.writeBlocking { [lanes] database in
      for record in records { _ = try record.write(lanes, nil, database) }
    }
    let (rows, expected) = (try rows(together), try rows(single))
    XCTAssertEqual(rows, expected)
    XCTAssertEqual(rows.filter { $0.hasPrefix("queue") }.count, 5)
    XCTAssertEqual(rows.filter { $0.hasPrefix("event") }.count, 6)
    XCTAssertTrue(rows.contains("counter 1 jobs.submitted 7"), "\(rows)")
  }

  func testNoJobs_AreNoRows() throws {
    let store = try store()
    let before = try rows(store)
    let (job, _) = try store.writeBlocking { [lanes] in try JobRecords(records: []).write(lanes, nil, $0) }
    XCTAssertEqual(job, 0)
    XCTAssertEqual(try rows(store), before)
  }
}
