import Basics
import TestSupport
import XCTest

@testable import Storage

/// Every query that a busy server asks again and again, and the index it must use; a scan would grow with the jobs.
final class QueryPlanTests: XCTestCase {
  /// Deleting a row looks for those that refer to it; without an index that reads their whole table.
  func testEveryReference_HasAnIndex() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    try store.read { database in
      let references = try database.all(
        """
        SELECT tables.name, keys."from"
        FROM sqlite_schema AS tables, pragma_foreign_key_list(tables.name) AS keys
        WHERE tables.type = 'table' AND keys."table" <> 'plans'
        """, row: { ($0.text(0), $0.text(1)) })
      XCTAssertGreaterThan(references.count, 20)
      for (table, column) in references {
        let plan = try database.plan("SELECT 1 FROM \(table) WHERE \(column) = ?")
        XCTAssertTrue(plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(table).\(column): \(plan)")
      }
    }
    store.close()
  }

  func testHotQueries_NeverScan() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    let queries = [
      "SELECT id FROM keys WHERE hash = ?",
      "SELECT id FROM jobs WHERE id = ? AND workspace_id = ?",
      "SELECT id FROM outputs WHERE job_id = ? ORDER BY position",
      "SELECT id FROM inputs WHERE job_id = ? ORDER BY position",
      """
      SELECT job_id, workspace_id FROM queue WHERE state = 'waiting' AND workspace_id > ?
      ORDER BY workspace_id, job_id LIMIT 1
      """,
      "UPDATE queue SET state = 'waiting' WHERE state = 'delayed' AND (ready_at <= ? OR ready_at > ?)",
      "SELECT ready_at FROM queue WHERE state = 'delayed' ORDER BY ready_at LIMIT 1",
      "UPDATE queue SET state = 'running' WHERE job_id = ? AND state = 'waiting'",
      "UPDATE queue SET state = 'waiting' WHERE state = 'running' AND boot_id <> ? RETURNING job_id",
      "SELECT id FROM events WHERE job_id = ? AND id > ? ORDER BY id",
      """
      SELECT id FROM jobs WHERE workspace_id = ? AND finished_at < ? AND finished_at IS NOT NULL AND files_expired_at IS NULL
      ORDER BY finished_at LIMIT ?
      """,
      "SELECT id FROM jobs WHERE files_expired_at < ? AND files_expired_at IS NOT NULL ORDER BY files_expired_at LIMIT ?",
      "SELECT id FROM jobs WHERE workspace_id = ? AND id < ? ORDER BY id DESC LIMIT ?",
      """
      SELECT id FROM jobs WHERE workspace_id = ? AND status = ? AND status <> 'completed' AND id < ?
      ORDER BY id DESC LIMIT ?
      """,
      "SELECT jobs FROM usage WHERE workspace_id = ? AND period = ? AND origin = ?",
      "SELECT job_id FROM idempotency WHERE workspace_id = ? AND route = ? AND key = ? AND created_at > ?",
      "DELETE FROM idempotency WHERE created_at <= ?",
    ]
    try store.read { database in
      for query in queries {
        let plan = try database.plan(query)
        XCTAssertTrue(plan.allSatisfy { !$0.hasPrefix("SCAN") || $0.contains("INDEX") }, "\(query): \(plan)")
        XCTAssertFalse(plan.contains { $0.contains("TEMP B-TREE") }, "\(query): \(plan)")
      }
    }
    store.close()
  }
}
