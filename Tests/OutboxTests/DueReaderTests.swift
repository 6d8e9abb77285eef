import Basics
import Storage
import TestSupport
import XCTest

@testable import Outbox

/// What is read ahead for an address: each row once and in order, and no more than is sent in a moment.
final class DueReaderTests: XCTestCase {
  private let url = "http://127.0.0.1:9/"

  private func address(_ outbox: Outbox) -> DeliveryAddress {
    DeliveryAddress(host: "127.0.0.1:9", workspaceID: outbox.workspace, path: url)
  }

  /// Takes so many, then has all others end, and gives how many had been read before.
  private func read(after taken: Int, step: Duration) throws -> Int {
    let outbox = try Outbox()
    let ids = try outbox.add([String](repeating: url, count: 1000))
    var reader = DueReader(store: outbox.store)
    var now = outbox.clock.now
    func next() throws -> Int64? {
      try reader.next(address(outbox), now: now, busy: [], isProven: true)?.id
    }
    for number in 0..<taken {
      if number.isMultiple(of: 32) { now = now + step }
      XCTAssertEqual(try next(), ids[number])
    }
    try outbox.store.writeBlocking {
      try $0.run("UPDATE deliveries SET state = 'failed', next_attempt_at = NULL")
    }
    var count = taken
    while let id = try next() {
      XCTAssertEqual(id, ids[count])
      count += 1
    }
    return count
  }

  func testPortions_GrowWhileTheyAreSentAtOnce() throws {
    XCTAssertEqual(try read(after: 1, step: .zero), 32)
    XCTAssertEqual(try read(after: 33, step: .zero), 96)
    XCTAssertEqual(try read(after: 97, step: .zero), 224)
    // 32, 64, 128 and 256, and from then on no more.
    XCTAssertEqual(try read(after: 481, step: .zero), 736)
  }

  func testPortions_StaySmallWhileSendingTakesItsTime() throws {
    XCTAssertEqual(try read(after: 33, step: DueReader.quick), 64)
    XCTAssertEqual(try read(after: 97, step: DueReader.quick), 128)
  }

  func testWhatIsUnderWay_IsNotGivenAgain() throws {
    let outbox = try Outbox()
    let ids = try outbox.add([String](repeating: url, count: 6))
    var reader = DueReader(store: outbox.store)
    let now = outbox.clock.now
    var given: [Int64] = []
    while let row = try reader.next(address(outbox), now: now, busy: [ids[1], ids[4]], isProven: false) {
      given.append(row.id)
      // Something new may lie before the place, so all are looked at once more.
      if given.count == 2 { reader.restart(address(outbox)) }
      if given.count == 8 { break }
    }
    XCTAssertEqual(given, [ids[0], ids[2], ids[3], ids[5], ids[0], ids[2], ids[3], ids[5]])
  }

  func testWhatWasReadLongAgo_IsLookedAtAgain() throws {
    let outbox = try Outbox()
    let ids = try outbox.add([String](repeating: url, count: 6))
    var reader = DueReader(store: outbox.store)
    let now = outbox.clock.now
    XCTAssertEqual(try reader.next(address(outbox), now: now, busy: [], isProven: true)?.id, ids[0])
    try outbox.store.writeBlocking {
      try $0.run("UPDATE deliveries SET state = 'failed', next_attempt_at = NULL WHERE id < ?", ids[4])
    }
    XCTAssertEqual(try reader.next(address(outbox), now: now, busy: [], isProven: true)?.id, ids[1])
    let later = now + DueReader.longestKept + .milliseconds(1)
    XCTAssertEqual(try reader.next(address(outbox), now: later, busy: [], isProven: true)?.id, ids[4])
    XCTAssertEqual(try reader.next(address(outbox), now: later, busy: [], isProven: true)?.id, ids[5])
    XCTAssertNil(try reader.next(address(outbox), now: later, busy: [], isProven: true))
  }

  func testWhatHasComeDueSinceTheyWereRead_IsToldByItsTime() throws {
    let outbox = try Outbox()
    let ids = try outbox.add([url, url, url])
    let now = outbox.clock.now
    let (soon, late) = (now + .milliseconds(100), now + .seconds(60))
    try outbox.store.writeBlocking {
      try $0.run("UPDATE deliveries SET next_attempt_at = ? WHERE id = ?", soon, ids[1])
      try $0.run("UPDATE deliveries SET next_attempt_at = ? WHERE id = ?", late, ids[2])
    }
    var reader = DueReader(store: outbox.store)
    XCTAssertEqual(try reader.next(address(outbox), now: now, busy: [], isProven: true)?.id, ids[0])
    let then = soon + .seconds(1)
    XCTAssertNil(try reader.next(address(outbox), now: then, busy: [ids[0]], isProven: true))
    XCTAssertEqual(try reader.nextDue(address(outbox), now: then), soon)
    XCTAssertEqual(try reader.next(address(outbox), now: then, busy: [ids[0]], isProven: true)?.id, ids[1])
    XCTAssertNil(try reader.next(address(outbox), now: then, busy: [ids[0], ids[1]], isProven: true))
    XCTAssertEqual(try reader.nextDue(address(outbox), now: then), late)
  }

  func testWhatIsUnderWayWhenItIsRead_IsNotGivenOnceItHasEnded() throws {
    let outbox = try Outbox()
    let ids = try outbox.add([url, url])
    var reader = DueReader(store: outbox.store)
    let now = outbox.clock.now
    XCTAssertEqual(try reader.next(address(outbox), now: now, busy: [ids[1]], isProven: true)?.id, ids[0])
    XCTAssertNil(try reader.next(address(outbox), now: now, busy: [ids[0]], isProven: true))
  }
}
