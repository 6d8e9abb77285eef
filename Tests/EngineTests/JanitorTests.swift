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

  /// The job has ended an hour ago by the clock that the sweep began with, and not yet by the one that was set back meanwhile.
  func testASweepDuringWhichTheClockIsSetBack_TakesNothingThatHasEndedSince() throws {
    for reading in 1...6 {
      let bed = try RunnerBed()
      let (store, clock) = (bed.store, FixedClock())
      let ended = clock.now - .seconds(7200)
      try store.writeBlocking { [job = bed.job] database in
        try database.run("UPDATE jobs SET status = 'completed', finished_at = ? WHERE id = ?", ended, job)
      }
      let janitor = Janitor(
        store: store, lifecycle: Lifecycle(store: store, clock: clock.clock, bootID: "b"), retention: .seconds(3600),
        history: .seconds(86_400), clock: clock.clock,
        watch: ClockWatch(clock: clock.clock, settle: .seconds(900), log: .silent), log: .silent)
      if reading < 6 { clock.set(by: .seconds(-7200), atReading: reading) }
      try janitor.sweep()
      XCTAssertEqual(try store.blobs.names(), reading < 6 ? [bed.blob] : [], "set back at reading \(reading)")
    }
  }
}
