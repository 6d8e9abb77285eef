import Basics
import CSystem
import Glibc
import XCTest

/// Threads that step back: what they do does, and who waits for it does not.
final class ServiceThreadTests: XCTestCase {
  private struct Refused: Error {}

  private static func niceness() -> Int32 {
    getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
  }

  func testYielding_StepsBackAlone() throws {
    let before = Self.niceness()
    let within = try ServiceThread.yielding("test") { Self.niceness() }
    XCTAssertEqual(within, max(before, 15))
    XCTAssertEqual(Self.niceness(), before)
  }

  func testYielding_IsInterruptedByWhoeverHasShorterTurns() throws {
    let before = csystem_turns(0)
    try XCTSkipIf(before == 0, "this kernel tells no turns (Linux 6.12)")
    XCTAssertEqual(try ServiceThread.yielding("test") { csystem_turns(0) }, UInt64(CSYSTEM_LONG_TURN))
    XCTAssertEqual(csystem_turns(0), before)
  }

  func testYielding_ThrowsWhatItsBodyThrows() {
    XCTAssertThrowsError(try ServiceThread.yielding("test") { throw Refused() }) { error in
      XCTAssertTrue(error is Refused, "\(error)")
    }
  }
}
