import Basics
import Synchronization
import XCTest

@testable import Engine

final class SignInLimitTests: XCTestCase {
  private final class Moment: Sendable {
    let now = Mutex<Int64>(1_000_000_000)
    var clock: Clock { Clock(now: { Timestamp(milliseconds: 0) }, monotonic: { [self] in now.withLock { $0 } }) }
    func advance(by span: Duration) { now.withLock { $0 += span.nanoseconds } }
  }

  private let moment = Moment()

  func testFloodOfOtherNames_DoesNotForgetALockedOne() {
    let limit = SignInLimit(clock: moment.clock)
    for _ in 0..<5 { XCTAssertNil(limit.take("jo@example.com", from: "192.0.2.1")) }
    for number in 0..<12_000 { _ = limit.take("\(number)@example.com", from: "192.0.2.1") }
    XCTAssertNotNil(limit.take("jo@example.com", from: "192.0.2.1"))
    // From many places as well, as many as fill every list.
    for number in 0..<12_000 { _ = limit.take("\(number)@example.com", from: "10.\(number >> 8).\(number & 255).1") }
    XCTAssertNotNil(limit.take("jo@example.com", from: "192.0.2.1"))
    moment.advance(by: .seconds(901))
    XCTAssertNil(limit.take("jo@example.com", from: "192.0.2.1"), "age forgets")
  }

  func testOnePlace_IsBoundedWhateverTheNames() {
    let limit = SignInLimit(clock: moment.clock)
    let taken = (0..<500).filter { limit.take("\($0)@example.com", from: "2001:db8::\(String($0, radix: 16))") == nil }
    XCTAssertEqual(taken.count, SignInLimit.mostFromPlace, "the addresses of one network are one place")
    XCTAssertNil(limit.take("jo@example.com", from: "2001:db8:0:1::1"))
  }

  func testOwner_IsLetInWhileOneStrangerGuesses() {
    let limit = SignInLimit(clock: moment.clock)
    for _ in 0..<50 { _ = limit.take("jo@example.com", from: "192.0.2.1") }
    XCTAssertNil(limit.take("jo@example.com", from: "192.0.2.2"))
  }

  func testName_IsBoundedWhateverThePlaces() {
    let limit = SignInLimit(clock: moment.clock)
    let taken = (0..<300).filter { limit.take("jo@example.com", from: "10.0.\($0).1") == nil }
    XCTAssertEqual(taken.count, SignInLimit.mostOfName)
  }

  func testRightPassword_IsNoAttempt() {
    let limit = SignInLimit(clock: moment.clock)
    for _ in 0..<500 {
      XCTAssertNil(limit.take("jo@example.com", from: "192.0.2.1"))
      limit.forgive("jo@example.com", from: "192.0.2.1")
    }
  }

  func testFullList_RefusesNewNamesUntilOldOnesGo() {
    let attempts = Attempts(clock: moment.clock, most: 5, in: .seconds(60))
    for number in 0..<Attempts.mostNames { XCTAssertNil(attempts.take("\(number)")) }
    XCTAssertNotNil(attempts.take("new"))
    XCTAssertNil(attempts.take("7"), "a name that is known goes on")
    moment.advance(by: .seconds(61))
    XCTAssertNil(attempts.take("new"))
  }
}
