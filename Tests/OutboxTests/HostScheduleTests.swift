import Basics
import XCTest

@testable import Outbox
@testable import Storage

final class HostScheduleTests: XCTestCase {
  private let now = Timestamp(milliseconds: 1_000_000)

  /// An address of a host, alone there unless said otherwise.
  private func address(_ host: String, _ path: String = "", of workspace: Int64 = 1) -> DeliveryAddress {
    DeliveryAddress(host: host, workspaceID: workspace, path: "http://\(host)/\(path)")
  }

  private func name(_ address: DeliveryAddress) -> String { "\(address.workspaceID ?? 0) \(address.path)" }

  private func makeSchedule(_ hosts: [String]) -> HostSchedule {
    let schedule = HostSchedule()
    for host in hosts { schedule.expect(address(host), at: now, now: now, monotonic: 0) }
    return schedule
  }

  /// Starts all that may start and gives the hosts in their order.
  private func startAll(_ schedule: HostSchedule, monotonic: Int64 = 0, at moment: Timestamp? = nil) -> [String] {
    var started: [String] = []
    while let next = schedule.next(now: moment ?? now, monotonic: monotonic) {
      _ = schedule.start(next, monotonic: monotonic)
      started.append(next.workspaceID == 1 && next.path == "http://\(next.host)/" ? next.host : name(next))
    }
    return started
  }

  func testHosts_TakeTurnsWithTwoEach() {
    let schedule = makeSchedule(["a", "b", "c"])
    XCTAssertEqual(startAll(schedule), ["a", "b", "c", "a", "b", "c"])
  }

  func testHost_HasFourAfterASuccess() {
    let schedule = makeSchedule(["a"])
    XCTAssertEqual(startAll(schedule).count, 2)
    schedule.end(address("a"), .fresh, .taken, monotonic: 0)
    XCTAssertEqual(startAll(schedule).count, 3)
    schedule.end(address("a"), .fresh, .refused, monotonic: 0)
    XCTAssertEqual(startAll(schedule).count, 0)
  }

  func testTwentyFiveFailures_BreakForThirtySeconds_ThenOneProbe() {
    let schedule = makeSchedule(["a"])
    for failure in 1...25 {
      let host = schedule.next(now: now, monotonic: 0)
      XCTAssertEqual(host?.host, "a", "\(failure)")
      let standing = schedule.start(address("a"), monotonic: 0)
      schedule.end(address("a"), standing, .refused, monotonic: 0)
    }
    XCTAssertNil(schedule.next(now: now, monotonic: 0))
    XCTAssertEqual(schedule.wait(now: now, monotonic: 0, longest: .seconds(60)), .seconds(30))
    XCTAssertNil(schedule.next(now: now, monotonic: 29_999_999_999))
    XCTAssertEqual(startAll(schedule, monotonic: 30_000_000_000), ["a"])
    schedule.end(address("a"), .troubled, .taken, monotonic: 30_000_000_000)
    XCTAssertEqual(startAll(schedule, monotonic: 30_000_000_000).count, 4)
  }

  func testThousandHostsInTrouble_LeaveRoomForOthers() {
    let dead = (0..<1000).map { "dead\($0)" }
    let schedule = makeSchedule(dead)
    XCTAssertEqual(startAll(schedule).count, 384)
    schedule.expect(address("good"), at: now, now: now, monotonic: 0)
    XCTAssertEqual(startAll(schedule), [])
    for host in dead.prefix(384) { schedule.end(address(host), .fresh, .refused, monotonic: 0) }
    XCTAssertEqual(startAll(schedule), Array(dead[384..<768]))
    for host in dead[384..<768] { schedule.end(address(host), .fresh, .refused, monotonic: 0) }
    let third = startAll(schedule)
    XCTAssertTrue(third.contains("good"))
    XCTAssertEqual(third.filter { $0.hasPrefix("dead") && Int($0.dropFirst(4)) ?? 0 < 768 }.count, 128)
  }

  /// Six ninths of the places are for those that are new, and two for those in trouble.
  func testHostsThatHaveNotAnswered_LeaveRoomForThoseThatHave() throws {
    let schedule = HostSchedule(mostAtOnce: 63)
    let dead = (0..<120).map { "dead\($0)" }
    for host in dead { schedule.expect(address(host), at: now, now: now, monotonic: 0) }
    for start in [0, 42] {
      XCTAssertEqual(startAll(schedule), Array(dead[start..<start + 42]))
      for host in dead[start..<start + 42] { schedule.end(address(host), .fresh, .refused, monotonic: 0) }
    }
    let third = startAll(schedule)
    XCTAssertEqual(third.count, 42 + 14)
    let fresh = try XCTUnwrap(third.first { dead[84...].contains($0) })
    schedule.end(address(fresh), .fresh, .taken, monotonic: 0)
    XCTAssertGreaterThan(startAll(schedule).filter { $0 == fresh }.count, 1)
  }

  func testLaterDue_BecomesReadyAtItsTime() {
    let schedule = HostSchedule()
    schedule.expect(address("a"), at: now + .seconds(5), now: now, monotonic: 0)
    XCTAssertNil(schedule.next(now: now, monotonic: 0))
    XCTAssertEqual(schedule.wait(now: now, monotonic: 0, longest: .seconds(60)), .seconds(5))
    XCTAssertEqual(startAll(schedule, at: now + .seconds(5)).first, "a")
  }

  func testHostWithNothingLeft_IsForgotten() {
    let schedule = makeSchedule(["a"])
    XCTAssertEqual(schedule.next(now: now, monotonic: 0)?.host, "a")
    schedule.setNoneDue(address("a"), next: nil, monotonic: 0)
    XCTAssertEqual(schedule.count, 0)
  }

  /// Lets requests that were started end, and starts what may go on, until nothing may.
  private func run(
    _ schedule: HostSchedule, monotonic: Int64 = 0, _ ending: (DeliveryAddress) -> HostSchedule.Ending?
  ) -> [DeliveryAddress] {
    var started: [DeliveryAddress] = []
    while let next = schedule.next(now: now, monotonic: monotonic), started.count < 10_000 {
      started.append(next)
      let standing = schedule.start(next, monotonic: monotonic)
      if let ending = ending(next) { schedule.end(next, standing, ending, monotonic: monotonic) }
    }
    return started
  }

  func testFailingAddress_RestsAlone() {
    let schedule = HostSchedule()
    let (failing, healthy) = (address("h", "fail"), address("h", "ok", of: 2))
    schedule.expect(failing, at: now, now: now, monotonic: 0)
    XCTAssertEqual(run(schedule) { _ in .refused }.count, 25)
    schedule.expect(healthy, at: now, now: now, monotonic: 0)
    XCTAssertEqual(startAll(schedule), [name(healthy), name(healthy)])
  }

  func testHangingAddressesOfOneWorkspace_RestWithoutAnotherWorkspace() {
    let schedule = HostSchedule()
    for number in 0..<60 { schedule.expect(address("h", "hang\(number)"), at: now, now: now, monotonic: 0) }
    XCTAssertEqual(run(schedule) { _ in .unanswered }.count, 25)
    schedule.expect(address("h", "ok", of: 2), at: now, now: now, monotonic: 0)
    XCTAssertEqual(startAll(schedule).count, 2)
  }

  func testWorkspaceWithoutAPlace_GetsOneBesideThoseThatHoldAll() {
    let schedule = HostSchedule()
    for number in 0..<10 { schedule.expect(address("h", "hang\(number)"), at: now, now: now, monotonic: 0) }
    XCTAssertEqual(startAll(schedule).count, 2)
    for workspace in 2..<20 {
      schedule.expect(address("h", "ok", of: Int64(workspace)), at: now, now: now, monotonic: 0)
    }
    XCTAssertEqual(startAll(schedule).count, HostSchedule.mostPerSharedHost - 2)
  }

  func testDeadHost_RestsForAll_AndIsProbedByRotation() {
    let schedule = HostSchedule()
    let all = (1...5).flatMap { workspace in (0..<3).map { address("h", "p\($0)", of: Int64(workspace)) } }
    for address in all { schedule.expect(address, at: now, now: now, monotonic: 0) }
    XCTAssertEqual(run(schedule) { _ in .unreachable }.count, 25)
    var probes: [DeliveryAddress] = []
    for probe in 1...15 {
      let moment = Int64(probe) * Circuit.restNanoseconds
      XCTAssertNil(schedule.next(now: now, monotonic: moment - 1))
      let tried = run(schedule, monotonic: moment) { _ in .unreachable }
      XCTAssertEqual(tried.count, 1)
      probes += tried
    }
    XCTAssertEqual(Set(probes.prefix(5).map(\.workspaceID)).count, 5)
    XCTAssertEqual(Set(probes).count, 15)
    let found = run(schedule, monotonic: 16 * Circuit.restNanoseconds) { _ in .refused }
    XCTAssertEqual(Set(found).count, 15, "any answer frees the host")
  }

  func testSameHostInAnotherScheme_RestsApart() {
    let schedule = HostSchedule()
    let secure = DeliveryAddress(host: "h", workspaceID: 1, path: "HTTPS://h/")
    schedule.expect(secure, at: now, now: now, monotonic: 0)
    XCTAssertEqual(run(schedule) { _ in .unreachable }.count, 25)
    schedule.expect(address("h", of: 2), at: now, now: now, monotonic: 0)
    XCTAssertEqual(startAll(schedule).count, 2)
  }

  /// The work for each of ten times as many addresses of one host stays the same, and what is remembered is bounded.
  func testManyAddressesOfOneHost_AreTakenInTimeThatDoesNotGrow() {
    func seconds(_ count: Int) -> Double {
      let schedule = HostSchedule()
      let start = Clock.readMonotonic()
      for number in 0..<count {
        let address = address("h", "\(number)", of: Int64(number % 100))
        schedule.expect(address, at: now, now: now, monotonic: 0)
        schedule.expect(address, at: now + .seconds(Int64(number)), now: now, monotonic: 0)
      }
      var taken = 0
      while let next = schedule.next(now: now, monotonic: 0) {
        taken += 1
        let standing = schedule.start(next, monotonic: 0)
        schedule.setNoneDue(next, next: nil, monotonic: 0)
        schedule.end(next, standing, taken % 2 == 0 ? .taken : .refused, monotonic: 0)
      }
      XCTAssertEqual(taken, count)
      XCTAssertLessThanOrEqual(schedule.count, HostSchedule.mostRemembered)
      return Double(Clock.readMonotonic() - start) / 1e9
    }
    let small = (0..<3).map { _ in seconds(3000) }.min() ?? 0
    XCTAssertLessThan(seconds(30_000), 40 * small + 0.2)
  }
}
