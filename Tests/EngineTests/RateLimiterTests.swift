import Basics
import Engine
import Synchronization
import XCTest

/// Requests a minute, on a clock that stands still.
final class RateLimiterTests: XCTestCase {
  private final class Time: Sendable {
    private let seconds = Mutex(Int64(1000))
    func advance(_ amount: Int64) { seconds.withLock { $0 += amount } }
    var clock: Clock {
      Clock(now: { Timestamp(milliseconds: 0) }, monotonic: { [self] in seconds.withLock { $0 } * 1_000_000_000 })
    }
  }

  private func refusal(_ body: () throws -> Allowance) -> Refusal? {
    do {
      _ = try body()
      return nil
    } catch { return error as? Refusal }
  }

  func testTake_GivesAMinutesWorthAtOnceThenEvenly() throws {
    let time = Time()
    let limiter = RateLimiter(clock: time.clock)
    let left = try (0..<6).map { _ in try limiter.take(key: 1, for: .read, limit: 6).remaining }
    XCTAssertEqual(left, [5, 4, 3, 2, 1, 0])
    let refused = refusal { try limiter.take(key: 1, for: .read, limit: 6) }
    XCTAssertEqual(refused?.code, "rate_limited")
    XCTAssertEqual(refused?.retryAfter, 10)
    XCTAssertEqual(refused?.allowance, Allowance(limit: 6, remaining: 0, resetSeconds: 60))
    time.advance(9)
    XCTAssertEqual(refusal { try limiter.take(key: 1, for: .read, limit: 6) }?.retryAfter, 1)
    time.advance(1)
    XCTAssertEqual(try limiter.take(key: 1, for: .read, limit: 6), Allowance(limit: 6, remaining: 0, resetSeconds: 60))
    time.advance(3600)
    XCTAssertEqual(try limiter.take(key: 1, for: .read, limit: 6), Allowance(limit: 6, remaining: 5, resetSeconds: 10))
  }

  func testTake_CountsEachKeyAndKindByItself() throws {
    let limiter = RateLimiter(clock: Time().clock)
    _ = try limiter.take(key: 1, for: .submit, limit: 1)
    XCTAssertNotNil(refusal { try limiter.take(key: 1, for: .submit, limit: 1) })
    XCTAssertEqual(try limiter.take(key: 2, for: .submit, limit: 1).remaining, 0)
    XCTAssertEqual(try limiter.take(key: 1, for: .read, limit: 2).remaining, 1)
  }

  func testTake_OfManyKeys_ForgetsThoseThatAreFullAgain() throws {
    let time = Time()
    let limiter = RateLimiter(clock: time.clock)
    for key in 0..<5000 {
      _ = try limiter.take(key: Int64(key), for: .read, limit: 60)
      time.advance(2)
    }
    XCTAssertLessThanOrEqual(limiter.count, 1024)
  }

  func testTake_OfMoreVisitorsThanAreKept_RefusesNewOnesUntilOthersAreFullAgain() throws {
    let time = Time()
    let limiter = RateLimiter(clock: time.clock, mostOfVisitors: 100)
    func visit(_ number: Int) throws -> Allowance {
      try limiter.take(visitor: "x \(number)", for: .submit, perMinute: 10, perDay: 50)
    }
    for number in 0..<50 { _ = try visit(number) }
    for number in 50..<5000 {
      XCTAssertEqual(refusal { try visit(number) }?.status, 429)
    }
    XCTAssertEqual(limiter.count, 100)
    XCTAssertEqual(try visit(0).remaining, 8, "whoever is known goes on")
    XCTAssertEqual(try limiter.take(key: 1, for: .submit, limit: 60).remaining, 59, "keys have room of their own")
    time.advance(1729)
    XCTAssertEqual(try visit(5000).remaining, 9)
  }

  func testTake_ThatTheDayRefuses_CostsNothingOfTheMinute() throws {
    let time = Time()
    let limiter = RateLimiter(clock: time.clock)
    func visit() throws -> Allowance { try limiter.take(visitor: "x", for: .submit, perMinute: 3, perDay: 2) }
    XCTAssertEqual(try visit().tightest.limit, 2)
    _ = try visit()
    for _ in 0..<3 {
      let refused = refusal { try visit() }
      XCTAssertEqual(refused?.retryAfter, 43_200)
      XCTAssertEqual(refused?.allowance?.remaining, 1)
    }
  }
}
