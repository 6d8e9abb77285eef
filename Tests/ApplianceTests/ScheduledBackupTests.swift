import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// A server that makes backups by itself, and says how they went in the page, in the doctor and in the metrics.
final class ScheduledBackupTests: XCTestCase {
  /// Waits until the server has tried; its thread is not the test's.
  private func first(_ server: TestServer) throws -> JSONValue {
    while true {
      let backups = try server.admin("GET", "/backups").json["backups"] ?? .null
      if backups["made"]?[0] != nil { return backups }
      sched_yield()
    }
  }

  private func texts(_ server: TestServer) throws -> (finding: JSONValue?, metrics: String) {
    let found = try server.admin("GET", "/server/findings").json["findings"]?.array ?? []
    let metrics = try server.client.get("/metrics", [("Authorization", "Bearer \(Self.token)")]).text
    return (found.first { $0["name"]?.string == "backups" }, metrics)
  }

  private static let token = "a token for the metrics"

  func testServer_MakesOne_AndSaysSo() throws {
    let folder = try TemporaryDirectory()
    let server = try TestServer(settings: [
      "WONDER_BACKUP_SCHEDULE": "daily 03:00", "WONDER_BACKUP_TO": folder.path, "WONDER_METRICS_TOKEN": Self.token,
    ])
    let backups = try first(server)
    XCTAssertEqual(backups["plan"]?["problem"], .null)
    XCTAssertEqual(backups["made"]?[0]?["error"], .null)
    XCTAssertEqual(try FileTree.names(in: folder.path), [backups["made"]?[0]?["name"]?.string ?? ""])
    let (finding, metrics) = try texts(server)
    XCTAssertEqual(finding?["state"]?.string, "ok")
    XCTAssertTrue(metrics.contains("\nwonder_backup_failed 0\n"), metrics)
    let bytes = backups["made"]?[0]?["bytes"]?.integer ?? 0
    XCTAssertTrue(metrics.contains("\nwonder_backup_last_bytes \(bytes)\n"))
  }

  func testServer_WhoseFolderIsNotThere_SaysSo() throws {
    let server = try TestServer(settings: [
      "WONDER_BACKUP_SCHEDULE": "every 6h", "WONDER_BACKUP_TO": "/nonexistent/backups",
      "WONDER_METRICS_TOKEN": Self.token,
    ])
    let problem = try first(server)["plan"]?["problem"]?.string ?? ""
    XCTAssertTrue(problem.contains("failed") && problem.contains("/nonexistent/backups"), problem)
    let (finding, metrics) = try texts(server)
    XCTAssertEqual(finding?["state"]?.string, "broken")
    XCTAssertTrue(metrics.contains("\nwonder_backup_failed 1\n"), metrics)
  }
}
