import Basics
import Storage
import Synchronization
import TestSupport
import XCTest

@testable import Engine

/// What the janitor says of a write-ahead log that only grows.
final class JanitorTests: XCTestCase {
  func testALogThatOnlyGrows_IsToldAtEachDoubling() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path + "/data")
    defer { store.close() }
    let lines = Mutex<[String]>([])
    let log = Log(write: { line in lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } })
    let clock = FixedClock()
    let janitor = Janitor(
      store: store, lifecycle: Lifecycle(store: store, clock: clock.clock, bootID: "b"), retention: .seconds(1),
      history: .seconds(1), clock: clock.clock, watch: ClockWatch(clock: clock.clock, settle: .zero, log: log), log: log
    )
    try store.writeBlocking { try $0.run("UPDATE plans SET concurrent_jobs = 5") }
    let bytes = store.logBytes
    XCTAssertGreaterThan(bytes, 0)
    var told: Int64 = 0
    janitor.tellOfLog(&told, beyond: bytes)
    XCTAssertEqual(lines.withLock(\.count), 0)
    janitor.tellOfLog(&told, beyond: bytes - 1)
    janitor.tellOfLog(&told, beyond: bytes - 1)
    XCTAssertEqual(lines.withLock(\.count), 1)
    XCTAssertTrue(lines.withLock { $0[0] }.contains("bytes=\(bytes)"), lines.withLock { $0[0] })
    told = bytes / 2
    janitor.tellOfLog(&told, beyond: bytes - 1)
    XCTAssertEqual(lines.withLock(\.count), 2)
  }
}
