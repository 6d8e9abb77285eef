import Appliance
import Basics
import TestSupport
import XCTest

/// A wall clock that is set forward and back while the server runs: days, a leap day, and past 2038.
final class ClockJumpTests: XCTestCase {
  func testJumps_LoseNoJobAndMakeNoTimeNegative() throws {
    let clock = FixedClock()
    let server = try TestServer(clock: clock.clock)
    let form = MultipartForm.conversion().file("files[]", "p.png", SamplePictures.photo)
    let day: Int64 = 86_400
    for (round, jump) in [0, 3 * day, -3 * day, -700 * day, 1440 * day, 4380 * day, -day].enumerated() {
      clock.advance(by: .seconds(jump))
      let key = [("Idempotency-Key", "round-\(round)")]
      let first = try server.submit(form, key)
      XCTAssertEqual(first.status, 202, "jump \(jump): \(first.text)")
      let id = first.json["request_id"]?.string ?? ""
      let ended = try server.ended(id)
      XCTAssertEqual(ended.json["job"]?["status"]?.string, "completed", "jump \(jump)")
      XCTAssertEqual(try server.submit(form, key).json["request_id"]?.string, id, "jump \(jump)")
      let link = server.path(of: ended.json["outputs"]?[0]?["download_url"]?.string)
      XCTAssertEqual(try server.client.get(link).status, 200, "jump \(jump)")
      let job = try server.admin("GET", "/jobs/\(id)").json["job"]
      XCTAssertGreaterThanOrEqual(job?["waited_ms"]?.integer ?? -1, 0)
      XCTAssertGreaterThanOrEqual(job?["ran_ms"]?.integer ?? -1, 0)
      try server.serve.sweep()
      XCTAssertEqual(try server.client.get(link).status, 200, "the sweep took a file that was just made")
      let usage = try server.client.get("/api/v1/usage", key: server.key)
      XCTAssertEqual(usage.json["api_jobs"]?["completed"]?.integer, Int64(round + 1))
    }
  }

  /// A clock that goes back while a job waits or runs.
  func testJump_WhileAJobWaits_RunsItAtOnce() throws {
    let clock = FixedClock()
    let server = try TestServer(clock: clock.clock)
    XCTAssertEqual(try server.admin("POST", "/queue/pause").status, 200)
    let form = MultipartForm.conversion().file("files[]", "p.png", SamplePictures.photo)
    let id = try server.submit(form).json["request_id"]?.string ?? ""
    clock.advance(by: .seconds(-3 * 86_400))
    XCTAssertEqual(try server.admin("POST", "/queue/resume").status, 200)
    XCTAssertEqual(try server.ended(id).json["job"]?["status"]?.string, "completed")
    let job = try server.admin("GET", "/jobs/\(id)").json["job"]
    XCTAssertGreaterThanOrEqual(job?["waited_ms"]?.integer ?? -1, 0)
  }
}
