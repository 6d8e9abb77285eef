import Basics
import XCTest

@testable import Appliance

final class ClockCheckTests: XCTestCase {
  private func state(_ seconds: Int64, _ isSynchronized: Bool?) -> Finding.State {
    ClockCheck.finding(now: Timestamp(milliseconds: seconds * 1000), isSynchronized: isSynchronized).state
  }

  func testClock_OfTheSeventies_IsBroken() {
    XCTAssertEqual(state(86_400, true), .broken)
  }

  func testClock_ThatNobodyKeeps_IsAWarning() {
    XCTAssertEqual(state(1_800_000_000, false), .warning)
    XCTAssertEqual(state(1_800_000_000, true), .ok)
    XCTAssertEqual(state(1_800_000_000, nil), .ok)
  }

  func testWebhook_OnThisMachine_Arrives() {
    let finding = WebhookCheck().finding()
    XCTAssertEqual(finding.state, .ok, finding.text)
  }
}
