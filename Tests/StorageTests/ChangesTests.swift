import Basics
import Storage
import Synchronization
import XCTest

/// The notes that open pages get: of their workspaces, and not one for each of ten thousand jobs.
final class ChangesTests: XCTestCase {
  private final class Time: Sendable {
    let nanoseconds = Mutex<Int64>(0)
    func pass(_ span: Duration) { nanoseconds.withLock { $0 += span.nanoseconds } }
    var clock: Clock {
      Clock(now: { Timestamp(milliseconds: 0) }, monotonic: { [self] in nanoseconds.withLock { $0 } })
    }
  }

  func testNotes_OfOneSpan_AreOne() {
    let time = Time()
    let changes = Changes(clock: time.clock)
    let told = Atomic(0)
    let number = changes.subscribe(to: { $0 == 7 }) { told.add(1, ordering: .relaxed) }
    for _ in 0..<10_000 { changes.note(7) }
    XCTAssertEqual(told.load(ordering: .relaxed), 1)
    time.pass(Changes.span)
    changes.note(7)
    changes.note(7)
    XCTAssertEqual(told.load(ordering: .relaxed), 2)
    time.pass(Changes.span)
    changes.note(8)
    XCTAssertEqual(told.load(ordering: .relaxed), 2)
    changes.note(nil)
    XCTAssertEqual(told.load(ordering: .relaxed), 3)
    time.pass(Changes.span)
    changes.unsubscribe(number)
    changes.note(7)
    XCTAssertEqual(told.load(ordering: .relaxed), 3)
    XCTAssertEqual(changes.count, 0)
  }
}
