import Basics
import Storage
import Synchronization
import TestSupport
import XCTest

@testable import Engine

/// Rates over a restart.
final class RateRecorderTests: XCTestCase {
  func testRates_SurviveARestart_AndAClockThatWasSet() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    _ = try TestServer.issueKey(data: data, workspace: "w", plan: "pro")
    let store = try Store(path: data)
    defer { store.close() }
    let wall = FixedClock()
    let monotonic = Mutex(Int64(7_000_000_000_000))
    let clock = Clock(now: { wall.now }, monotonic: { monotonic.withLock { $0 } })
    let bell = Doorbell()
    func recorder(_ limiter: RateLimiter) -> RateRecorder {
      RateRecorder(
        store: store, clock: clock, log: .silent, limiter: limiter, uses: KeyUses(bell: bell), bell: bell)
    }
    let first = RateLimiter(clock: clock, bell: bell)
    for _ in 0..<60 { _ = try first.take(key: 1, for: .submit, limit: 60) }
    XCTAssertThrowsError(try first.take(key: 1, for: .submit, limit: 60))
    let early = recorder(first)
    early.stop()
    early.serve()
    // The other process has another monotonic clock.
    monotonic.withLock { $0 = 5 }
    wall.advance(by: .seconds(10))
    let second = RateLimiter(clock: clock, bell: bell)
    try recorder(second).restore()
    XCTAssertEqual(try second.take(key: 1, for: .submit, limit: 60).remaining, 9)
    wall.advance(by: .seconds(-86_400))
    let third = RateLimiter(clock: clock, bell: bell)
    try recorder(third).restore()
    monotonic.withLock { $0 += 61_000_000_000 }
    XCTAssertEqual(
      try third.take(key: 1, for: .submit, limit: 60).remaining, 59, "no mark holds for more than a minute")
  }

  func testDaysOfKeysAndVisitors_SurviveARestart() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    _ = try TestServer.issueKey(data: data, workspace: "w", plan: "pro")
    let store = try Store(path: data)
    defer { store.close() }
    let wall = FixedClock()
    let bell = Doorbell()
    func limiter(_ monotonic: Int64) -> (RateLimiter, RateRecorder) {
      let clock = Clock(now: { wall.now }, monotonic: { monotonic })
      let limiter = RateLimiter(clock: clock, bell: bell)
      return (
        limiter,
        RateRecorder(store: store, clock: clock, log: .silent, limiter: limiter, uses: KeyUses(bell: bell), bell: bell)
      )
    }
    let (first, early) = limiter(7_000_000_000_000)
    for _ in 0..<2 {
      _ = try first.take(key: 1, for: .submit, perMinute: nil, perDay: 2)
      _ = try first.take(visitor: "x 192.0.2.1", for: .submit, perMinute: 60, perDay: 2)
    }
    early.stop()
    early.serve()
    wall.advance(by: .seconds(43_000))
    let (second, late) = limiter(5)
    try late.restore()
    XCTAssertThrowsError(try second.take(key: 1, for: .submit, perMinute: nil, perDay: 2))
    XCTAssertThrowsError(try second.take(visitor: "x 192.0.2.1", for: .submit, perMinute: 60, perDay: 2))
    XCTAssertNoThrow(try second.take(visitor: "y 192.0.2.1", for: .submit, perMinute: 60, perDay: 2))
    wall.advance(by: .seconds(200))
    let (third, latest) = limiter(9)
    try latest.restore()
    XCTAssertEqual(try third.take(key: 1, for: .submit, perMinute: nil, perDay: 2)?.remaining, 0)
    XCTAssertEqual(try third.take(visitor: "x 192.0.2.1", for: .submit, perMinute: 60, perDay: 2).day?.remaining, 0)
  }
}
