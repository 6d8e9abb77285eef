import XCTest

@testable import HTTP

final class ClientPaceTests: XCTestCase {
  func testNote_WithEnoughInEveryWindow_GoesOn() {
    var pace = ClientPace(limits)
    for _ in 0..<100 {
      pace.note(bytes: 300)
      XCTAssertTrue(pace.note(wait: 300_000_000))
    }
  }

  func testNote_WithTooLittleInAWindow_Ends() {
    var pace = ClientPace(limits)
    pace.note(bytes: 999)
    XCTAssertTrue(pace.note(wait: 400_000_000))
    XCTAssertEqual(pace.patience, 600_000_000)
    XCTAssertFalse(pace.note(wait: 600_000_000))
  }

  func testNote_AfterAGoodWindow_StartsAgain() {
    var pace = ClientPace(limits)
    pace.note(bytes: 100_000)
    XCTAssertTrue(pace.note(wait: 1_000_000_000))
    XCTAssertFalse(pace.note(wait: 1_000_000_000))
  }

  func testNote_WithoutALeastRate_StillWantsSomething() {
    var limits = limits
    limits.leastRate = 0
    var pace = ClientPace(limits)
    pace.note(bytes: 1)
    XCTAssertTrue(pace.note(wait: 1_000_000_000))
    XCTAssertFalse(pace.note(wait: 1_000_000_000))
  }

  private var limits: ServerLimits {
    var limits = ServerLimits()
    (limits.leastRate, limits.rateWindow) = (1000, .seconds(1))
    return limits
  }
}
