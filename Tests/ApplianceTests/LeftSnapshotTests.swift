import Appliance
import Basics
import Storage
import TestSupport
import XCTest

/// What the server lays out for the command that writes a backup, when that is killed.
final class LeftSnapshotTests: XCTestCase {
  private func names(_ server: TestServer) throws -> [String] {
    try FileTree.names(in: server.dataPath + "/spool").filter { $0.hasPrefix("backup-") }
  }

  private func makeSnapshot(_ server: TestServer) throws -> String {
    let reply = try server.admin("POST", "/backups")
    XCTAssertEqual(reply.status, 201, reply.text)
    let path = try XCTUnwrap(reply.json["backup"]?["path"]?.string)
    return String(path.split(separator: "/").last ?? "")
  }

  func testSnapshot_ThatNobodyRemoves_GoesAfterTwoDays() throws {
    let clock = FixedClock(Clock.system.now())
    let server = try TestServer(clock: clock.clock)
    let ended = try makeSnapshot(server)
    XCTAssertEqual(try server.admin("DELETE", "/backups/\(ended)").status, 200)
    XCTAssertEqual(try names(server), [])
    let left = try makeSnapshot(server)
    clock.advance(by: .seconds(47 * 3600))
    try server.serve.sweep()
    XCTAssertEqual(try names(server), [left], "a command may still write it away")
    clock.advance(by: .seconds(2 * 3600))
    try server.serve.sweep()
    XCTAssertEqual(try names(server), [])
  }
}
