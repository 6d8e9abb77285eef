import Dispatch
import TestSupport
import XCTest

@testable import Basics

final class BlockingTests: XCTestCase {
  func testRun_GivesValuesAndErrorsBack() async throws {
    let blocking = Blocking(mostThreads: 2)
    let sum = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 1...100 { group.addTask { try await blocking.run { number } } }
      return try await group.reduce(0, +)
    }
    XCTAssertEqual(sum, 5050)
    do {
      try await blocking.run { throw SystemFailure("read", "x", code: 5) }
      XCTFail("the error is lost")
    } catch let failure as SystemFailure {
      XCTAssertEqual(failure.description, "read x: Input/output error")
    }
    blocking.close()
  }

  func testRun_AfterClose_StillRuns() async throws {
    let blocking = Blocking()
    blocking.close()
    let value = try await blocking.run { 7 }
    XCTAssertEqual(value, 7)
  }

  func testRun_OfHeavyWork_LeavesHalfOfTheThreadsToTheRest() async throws {
    let blocking = Blocking(mostThreads: 4)
    let gate = DispatchSemaphore(value: 0)
    let begun = Doorbell()
    try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<6 {
        group.addTask {
          try await blocking.run(heavy: true) {
            begun.ring()
            gate.wait()
            return number
          }
        }
      }
      for _ in 0..<2 { XCTAssertTrue(begun.wait()) }
      // All four that there may be would be taken now, and this would wait for ever.
      let light = try await blocking.run { 100 }
      XCTAssertEqual(light, 100)
      XCTAssertFalse(begun.wait(timeout: .milliseconds(1)), "a third one runs")
      for _ in 0..<6 { gate.signal() }
      let sum = try await group.reduce(0, +)
      XCTAssertEqual(sum, 15)
    }
    blocking.close()
  }

  func testRun_OfHeavyWork_HasItsTurn_WhateverElseComes() async throws {
    let blocking = Blocking(mostThreads: 1)
    let gate = DispatchSemaphore(value: 0)
    try await withThrowingTaskGroup(of: String.self) { group in
      group.addTask {
        try await blocking.run {
          gate.wait()
          return "first"
        }
      }
      for _ in 0..<100 { group.addTask { try await blocking.run { "light" } } }
      group.addTask { try await blocking.run(heavy: true) { "heavy" } }
      gate.signal()
      var ends: [String] = []
      for try await end in group { ends.append(end) }
      XCTAssertEqual(ends.filter { $0 == "heavy" }.count, 1)
      XCTAssertEqual(ends.count, 102)
    }
    blocking.close()
  }

  func testRun_LetsGoOfWhatItsWorkHolds_BeforeTheCallerGoesOn() async throws {
    final class Upload: Sendable {}
    let blocking = Blocking(mostThreads: 4)
    for _ in 0..<2000 {
      weak var seen: Upload?
      func work() -> @Sendable () -> Void {
        let upload = Upload()
        seen = upload
        return { withExtendedLifetime(upload) {} }
      }
      try await blocking.run(work())
      XCTAssertNil(seen)
    }
    blocking.close()
  }

  func testDoorbell_KeepsARingForTheNextWait() {
    let bell = Doorbell()
    bell.ring()
    XCTAssertTrue(bell.wait())
    XCTAssertFalse(bell.wait(timeout: .milliseconds(1)))
    bell.close()
    XCTAssertFalse(bell.wait())
  }
}

extension BlockingTests {
  func testRun_OfManyAtOnce_IsLinear() {
    let ratio = Growth.ratio(of: 20_000) { count in
      let blocking = Blocking(mostThreads: 1)
      let hold = DispatchSemaphore(value: 0)
      let done = DispatchSemaphore(value: 0)
      Task.detached {
        try await blocking.run { hold.wait() }
      }
      for _ in 0..<count {
        Task.detached {
          try await blocking.run {}
          done.signal()
        }
      }
      hold.signal()
      for _ in 0..<count { done.wait() }
      blocking.close()
    }
    XCTAssertLessThan(ratio, Growth.mostForLinear)
  }
}
