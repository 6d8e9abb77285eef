import Basics
import TestSupport
import XCTest

@testable import Storage

final class DeliveriesTests: XCTestCase {
  func testHost_IsHostAndPortInLowerCase() {
    for (url, host) in [
      ("http://A.example/x", "a.example:80"), ("https://a.example", "a.example:443"),
      ("HTTPS://A.example:8443?x", "a.example:8443"), ("http://[::1]/", "[::1]:80"), ("http://[::1]:90/", "[::1]:90"),
      ("http://a.example:80#f", "a.example:80"),
    ] {
      XCTAssertEqual(Deliveries.host(of: url), host, url)
    }
  }

  func testQueries_UseTheirIndexes() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    defer { store.close() }
    let queries = [
      "SELECT host, workspace_id, address, min(next_attempt_at) FROM deliveries WHERE state = 'waiting' GROUP BY host, workspace_id, address",
      "SELECT id, host, workspace_id, address, next_attempt_at FROM deliveries WHERE id > ? ORDER BY id LIMIT ?",
      """
      SELECT deliveries.id FROM deliveries LEFT JOIN endpoints ON endpoints.id = endpoint_id
      WHERE deliveries.state = 'waiting' AND host = ?1 AND deliveries.workspace_id IS ?2 AND address = ?3
        AND next_attempt_at <= ?4 AND (next_attempt_at, deliveries.id) > (?5, ?6)
      ORDER BY next_attempt_at, deliveries.id LIMIT ?7
      """,
      """
      SELECT next_attempt_at FROM deliveries WHERE state = 'waiting' AND host = ? AND workspace_id IS ? AND address = ? AND next_attempt_at > ?
      ORDER BY next_attempt_at LIMIT 1
      """,
      "SELECT id FROM deliveries WHERE finished_at < ? AND finished_at IS NOT NULL ORDER BY finished_at LIMIT ?",
      """
      SELECT id FROM deliveries AS failed WHERE state = 'failed'
        AND NOT EXISTS (SELECT 1 FROM deliveries WHERE replay_of = failed.id) ORDER BY id DESC LIMIT ?
      """,
      "SELECT number FROM attempts WHERE delivery_id = ? ORDER BY number",
    ]
    try store.read { database in
      for query in queries {
        let plan = try database.plan(query)
        XCTAssertTrue(plan.allSatisfy { !$0.hasPrefix("SCAN") || $0.contains("INDEX") }, "\(query): \(plan)")
        XCTAssertFalse(plan.contains { $0.contains("TEMP B-TREE") }, "\(query): \(plan)")
      }
    }
  }
}
