import Basics
import XCTest

@testable import Engine

/// The rules by which threads of the runner are shared out.
final class RunnerTurnsTests: XCTestCase {
  private let turns = Turns(most: 2, clock: .system)

  private func take(_ workspace: Int64) {
    _ = turns.begin(holding: nil)
    turns.end(holding: nil, chosen: workspace)
  }

  func testWorkspace_IsFullAtItsLimitAndNoOther() {
    take(1)
    XCTAssertEqual(turns.begin(holding: nil).full, [])
    turns.end(holding: nil, chosen: 1)
    XCTAssertEqual(turns.begin(holding: nil).full, [1])
    turns.end(holding: nil, chosen: 2)
    turns.letGo(of: 1)
    XCTAssertEqual(turns.begin(holding: nil).full, [])
  }

  func testThreadThatEndsAJob_MayTakeTheNextOfTheSameWorkspace() {
    take(1)
    take(1)
    XCTAssertEqual(turns.begin(holding: 1).full, [])
    // Another one of the same workspace at the same moment, too: neither takes a thread more.
    XCTAssertEqual(turns.begin(holding: 1).full, [])
  }

  func testTwoThreadsThatChooseTogether_NeverPassTheLimit() {
    take(1)
    XCTAssertEqual(turns.begin(holding: nil).full, [])
    XCTAssertEqual(turns.begin(holding: nil).full, [1], "the first one may be taking workspace 1 just now")
  }

  func testChoiceThatFails_HoldsWhatItHeld() {
    take(1)
    take(1)
    _ = turns.begin(holding: 1)
    turns.stay(holding: 1)
    XCTAssertEqual(turns.begin(holding: nil).full, [1])
  }

  func testTurns_GoOnBehindTheLastServed() {
    let order: [Int64] = [5, 2, 9, 1, 7].sorted { Turns.isBefore($0, $1, after: 5) }
    XCTAssertEqual(order, [7, 9, 1, 2, 5])
  }
}
