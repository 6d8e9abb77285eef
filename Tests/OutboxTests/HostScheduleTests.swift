import Basics
import XCTest

@testable import Outbox

final class HostScheduleTests: XCTestCase {
  private let now = Timestamp(milliseconds: 1_000_000)

  private func makeSchedule(_ hosts: [String]) -> HostSchedule {
    var schedule = HostSchedule()
    for host in hosts { schedule.expect(host, at: now, now: now, monotonic: 0) }
    return schedule
  }

  /// Starts all that may start and gives the hosts in their order.
  private func startAll(_ schedule: inout HostSchedule, monotonic: Int64 = 0, at moment: Timestamp? = nil) -> [String] {
    var started: [String] = []
    while let host = schedule.next(now: moment ?? now, monotonic: monotonic) {
      _ = schedule.start(host, monotonic: monotonic)
      started.append(host)
    }
    return started
  }

  func testHosts_TakeTurnsWithTwoEach() {
    var schedule = makeSchedule(["a", "b", "c"])
    XCTAssertEqual(startAll(&schedule), ["a", "b", "c", "a", "b", "c"])
  }

  func testHost_HasFourAfterASuccess() {
    var schedule = makeSchedule(["a"])
    XCTAssertEqual(startAll(&schedule).count, 2)
    schedule.end("a", .fresh, isSuccess: true, monotonic: 0)
    XCTAssertEqual(startAll(&schedule).count, 3)
    schedule.end("a", .fresh, isSuccess: false, monotonic: 0)
    XCTAssertEqual(startAll(&schedule).count, 0)
  }

  func testTwentyFiveFailures_BreakForThirtySeconds_ThenOneProbe() {
    var schedule = makeSchedule(["a"])
    for failure in 1...25 {
      let host = schedule.next(now: now, monotonic: 0)
      XCTAssertEqual(host, "a", "\(failure)")
      let standing = schedule.start("a", monotonic: 0)
      schedule.end("a", standing, isSuccess: false, monotonic: 0)
    }
    XCTAssertNil(schedule.next(now: now, monotonic: 0))
    XCTAssertEqual(schedule.wait(now: now, monotonic: 0, longest: .seconds(60)), .seconds(30))
    XCTAssertNil(schedule.next(now: now, monotonic: 29_999_999_999))
    XCTAssertEqual(startAll(&schedule, monotonic: 30_000_000_000), ["a"])
    schedule.end("a", .troubled, isSuccess: true, monotonic: 30_000_000_000)
    XCTAssertEqual(startAll(&schedule, monotonic: 30_000_000_000).count, 4)
  }

  func testThousandHostsInTrouble_LeaveRoomForOthers() {
    let dead = (0..<1000).map { "dead\($0)" }
    var schedule = makeSchedule(dead)
    XCTAssertEqual(startAll(&schedule).count, 384)
    schedule.expect("good", at: now, now: now, monotonic: 0)
    XCTAssertEqual(startAll(&schedule), [])
    for host in dead.prefix(384) { schedule.end(host, .fresh, isSuccess: false, monotonic: 0) }
    XCTAssertEqual(startAll(&schedule), Array(dead[384..<768]))
    for host in dead[384..<768] { schedule.end(host, .fresh, isSuccess: false, monotonic: 0) }
    let third = startAll(&schedule)
    XCTAssertTrue(third.contains("good"))
    XCTAssertEqual(third.filter { $0.hasPrefix("dead") && Int($0.dropFirst(4)) ?? 0 < 768 }.count, 128)
  }

  func testLaterDue_BecomesReadyAtItsTime() {
    var schedule = HostSchedule()
    schedule.expect("a", at: now + .seconds(5), now: now, monotonic: 0)
    XCTAssertNil(schedule.next(now: now, monotonic: 0))
    XCTAssertEqual(schedule.wait(now: now, monotonic: 0, longest: .seconds(60)), .seconds(5))
    XCTAssertEqual(startAll(&schedule, at: now + .seconds(5)).first, "a")
  }

  func testHostWithNothingLeft_IsForgotten() {
    var schedule = makeSchedule(["a"])
    XCTAssertEqual(schedule.next(now: now, monotonic: 0), "a")
    schedule.setNoneDue("a", next: nil)
    XCTAssertEqual(schedule.count, 0)
  }
}
