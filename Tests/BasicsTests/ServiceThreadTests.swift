import Basics
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

  func testYielding_ThrowsWhatItsBodyThrows() {
    XCTAssertThrowsError(try ServiceThread.yielding("test") { throw Refused() }) { error in
      XCTAssertTrue(error is Refused, "\(error)")
    }
  }
}
