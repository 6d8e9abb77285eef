import Basics
import Synchronization
import XCTest

@testable import HTTP

/// Who moves much goes on when nothing shorter is ready, and is never forgotten.
final class GivingWayTests: XCTestCase {
  private final class Course: Sendable {
    private let steps = Mutex<[String]>([])

    var order: [String] { steps.withLock { $0 } }

    func note(_ name: String) { steps.withLock { $0.append(name) } }
  }

  /// What tasks on a loop of their own have noted, when all have ended.
  private func order(of bodies: [@Sendable (EventLoop, Course) async -> Void]) throws -> [String] {
    let (course, ended) = (Course(), Doorbell())
    let loop = try EventLoop(clock: .system)
    for body in bodies {
      loop.spawnFromOutside {
        await body(loop, course)
        ended.ring()
      }
    }
    let thread = ServiceThread("loop") { loop.run() }
    for _ in bodies { XCTAssertTrue(ended.wait(timeout: .seconds(60))) }
    loop.stop()
    thread.join()
    return course.order
  }

  func testShortSteps_GoFirst_AndThoseThatGiveWayTakeTurns() throws {
    let large: @Sendable (String) -> @Sendable (EventLoop, Course) async -> Void = { name in
      { loop, course in
        for _ in 0..<50 {
          await loop.giveWay()
          course.note(name)
        }
      }
    }
    let order = try order(of: [
      large("a"), large("b"),
      { _, course in
        for _ in 0..<40 {
          await Task.yield()
          course.note("short")
        }
      },
    ])
    XCTAssertEqual(order.count, 140)
    let ahead = order[...(order.lastIndex(of: "short") ?? 0)].count { $0 != "short" }
    // A yield is one or two turns of the loop.
    XCTAssertTrue(3...10 ~= ahead, "one for each eight turns: \(order.prefix(60))")
    let turns = order.filter { $0 != "short" }
    XCTAssertEqual(turns, (0..<100).map { $0.isMultiple(of: 2) ? turns[0] : turns[1] })
  }

  func testLoneTask_ThatGivesWay_GoesOn() throws {
    let order = try order(of: [
      { loop, course in
        for _ in 0..<10 { await loop.giveWay() }
        course.note("end")
      }
    ])
    XCTAssertEqual(order, ["end"])
  }
}
