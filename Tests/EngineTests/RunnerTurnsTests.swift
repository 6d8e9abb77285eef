import Basics
import TestSupport
import XCTest

@testable import Engine

/// The rules by which threads of the runner are shared out.
final class RunnerTurnsTests: XCTestCase {
  private let turns = Turns(most: 2, clock: .system)

  private func take(_ workspace: Int64) {
    _ = turns.begin()
    turns.end(chosen: workspace)
  }

  func testWorkspace_IsFullAtItsLimitAndNoOther() {
    take(1)
    XCTAssertEqual(turns.begin()?.full, [])
    turns.end(chosen: 1)
    let choice = turns.begin()
    XCTAssertEqual(choice?.full, [1], "one more than a workspace may hold may be at work")
    turns.end(chosen: 2)
    turns.letGo(of: 1)
    XCTAssertEqual(turns.begin()?.full, [])
  }

  func testNobodyMayTakeAnything_WhileAllTurnsAreHeld() {
    take(1)
    take(2)
    XCTAssertNotNil(turns.begin())
    XCTAssertNil(turns.begin(), "the first one may be taking the last turn just now")
    XCTAssertTrue(turns.end(chosen: 3), "the first one rings for it")
    XCTAssertNil(turns.begin())
    turns.letGo(of: 3)
    XCTAssertNotNil(turns.begin())
    XCTAssertFalse(turns.end(chosen: nil), "one that is kept by those at work is rung for when these let go")
  }

  func testTwoThreadsThatChooseTogether_NeverPassTheLimit() {
    take(1)
    XCTAssertEqual(turns.begin()?.full, [])
    XCTAssertEqual(turns.begin()?.full, [1], "the first one may be taking workspace 1 just now")
  }

  /// Neither knows which workspace the other one takes, which may hold nothing yet.
  func testTwoThreadsThatChooseTheFirstTogether_NeverPassALimitOfOne_AndTheSecondLooksAgain() {
    let turns = Turns(most: 1, clock: .system)
    XCTAssertNotNil(turns.begin())
    XCTAssertNil(turns.begin(), "the first one may be taking the only turn of any workspace")
    XCTAssertTrue(turns.end(chosen: 1), "the first one rings for it")
    XCTAssertEqual(turns.begin()?.full, [1], "another workspace's job may be at work beside it")
    XCTAssertFalse(turns.end(chosen: nil))
  }

  /// Workspace 1 has a thread left, which the first one may be taking; it takes another one's job.
  func testOneThatWasKeptFromAWorkspaceByAChoice_IsRungForWhenThatOneTookAnother() {
    take(1)
    let first = turns.begin()
    XCTAssertEqual(first?.isHindered, false)
    let second = turns.begin()
    XCTAssertEqual(second?.full, [1])
    XCTAssertEqual(second?.isHindered, true)
    XCTAssertFalse(turns.end(chosen: nil, isHindered: true), "the first one still chooses")
    XCTAssertTrue(turns.end(chosen: 2), "it rings for the second one")
    let third = turns.begin()
    XCTAssertEqual(third?.full, [])
    XCTAssertFalse(turns.end(chosen: 1))
  }

  func testTheLastOfThoseThatHinderEachOther_Rings() {
    take(1)
    _ = turns.begin()
    XCTAssertEqual(turns.begin()?.isHindered, true)
    XCTAssertTrue(turns.end(chosen: nil), "the first one found nothing, and rings for the second")
    XCTAssertEqual(turns.begin()?.isHindered, true, "the second one still chooses when the third comes")
    XCTAssertFalse(turns.end(chosen: nil, isHindered: true))
    XCTAssertTrue(turns.end(chosen: nil, isHindered: true), "nobody else would")
    XCTAssertEqual(turns.begin()?.isHindered, false)
    XCTAssertFalse(turns.end(chosen: nil))
  }

  func testWorkspace_HasTheSpareThreadsOnlyWhileNobodyElseIsAbout() {
    let clock = FixedClock()
    let turns = Turns(most: 4, spare: 2, clock: clock.counting)
    func take(_ workspace: Int64) {
      _ = turns.begin()
      turns.end(chosen: workspace)
    }
    func full() -> Set<Int64>? {
      defer { turns.end(chosen: nil) }
      return turns.begin()?.full
    }
    for _ in 0..<3 { take(1) }
    XCTAssertEqual(full(), [])
    XCTAssertFalse(turns.hasTooMany(1))
    take(2)
    XCTAssertEqual(full(), [1])
    XCTAssertTrue(turns.hasTooMany(1), "between two files it gives a thread back")
    turns.letGo(of: 1)
    XCTAssertFalse(turns.hasTooMany(1))
    XCTAssertEqual(full(), [1])
    turns.letGo(of: 2)
    XCTAssertEqual(full(), [1], "who has gone just now may come back")
    clock.advance(by: Turns.presence)
    XCTAssertEqual(full(), [])
    take(1)
    take(1)
    XCTAssertEqual(full(), [1])
    XCTAssertFalse(turns.hasTooMany(1))
  }

  func testWorkspaceWithLargeFiles_LeavesACoreToOthers_WhileTheyComeAfterEachOther() {
    let clock = FixedClock()
    let turns = Turns(most: 8, spare: 4, clock: clock.counting)
    func take(_ workspace: Int64, isLarge: Bool) {
      _ = turns.begin()
      turns.end(chosen: workspace, isLarge: isLarge)
    }
    func full() -> Set<Int64>? {
      defer { turns.end(chosen: nil) }
      return turns.begin()?.full
    }
    for workspace in [1, 2] as [Int64] {
      for number in 0..<3 { take(workspace, isLarge: workspace == 1 && number == 0) }
    }
    take(3, isLarge: false)
    XCTAssertEqual(full(), [1], "who has small files alone may have as many as there are cores")
    XCTAssertFalse(turns.hasTooMany(1))
    take(1, isLarge: true)
    take(3, isLarge: false)
    XCTAssertTrue(turns.hasTooMany(1))
    clock.advance(by: Turns.closeness)
    XCTAssertFalse(turns.hasTooMany(1))
    turns.letGo(of: 2)
    XCTAssertEqual(full(), [1])
    turns.letGo(of: 1, isLarge: true)
    turns.letGo(of: 1, isLarge: true)
    take(3, isLarge: false)
    XCTAssertFalse(turns.hasTooMany(1))
    XCTAssertEqual(full(), [], "no large file is at work any more")
  }

  func testWorkspace_HasAsManyEndsUnderWayAsAnotherHasJobs_AndOneForEachCore() {
    let clock = FixedClock()
    let turns = Turns(most: 4, spare: 2, clock: clock.counting)
    func take(_ workspace: Int64, ends: Bool = false) {
      _ = turns.begin()
      turns.end(chosen: workspace)
      if ends { turns.letGo(of: workspace, isEnding: true) }
    }
    func full() -> Set<Int64>? {
      defer { turns.end(chosen: nil) }
      return turns.begin()?.full
    }
    for _ in 0..<5 { take(1, ends: true) }
    XCTAssertEqual(full(), [], "nobody waits behind them")
    XCTAssertTrue(turns.hasSeveral(1))
    take(2, ends: true)
    XCTAssertFalse(turns.hasSeveral(2))
    XCTAssertEqual(full(), [1])
    turns.end(for: 1)
    turns.end(for: 1)
    XCTAssertEqual(full(), [1], "three are two for the cores and one for the other's")
    take(2)
    XCTAssertEqual(full(), [], "and four with two of the other's")
    turns.end(for: 2)
    XCTAssertEqual(full(), [1])
    clock.advance(by: Turns.closeness)
    XCTAssertEqual(full(), [], "the other has not come again")
  }

  func testTurns_GoOnBehindTheLastServed() {
    let order: [Int64] = [5, 2, 9, 1, 7].sorted { Turns.isBefore($0, $1, after: 5) }
    XCTAssertEqual(order, [7, 9, 1, 2, 5])
  }
}
