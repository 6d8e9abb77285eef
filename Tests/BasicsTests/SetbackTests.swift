import Basics
import Synchronization
import XCTest

final class SetbackTests: XCTestCase {
  private struct Trouble: Error {}

  func testFailures_WaitLongerUpToAMinuteAndAreSaidOnce() {
    let lines = Mutex<[String]>([])
    let log = Log(write: { line in lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } })
    var setback = Setback("cannot work", log: log)
    setback.worked()
    let waits = (0..<9).map { _ in setback.failed(Trouble()) }
    XCTAssertEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60].map { Duration.seconds($0) })
    XCTAssertEqual(lines.withLock { $0.count }, 1)
    setback.worked()
    XCTAssertEqual(lines.withLock { $0.count }, 2)
    XCTAssertTrue(lines.withLock { $0.last ?? "" }.contains("failures=9"))
    XCTAssertEqual(setback.failed(Trouble()), .seconds(1))
  }
}
