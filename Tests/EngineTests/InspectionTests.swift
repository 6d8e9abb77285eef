import Basics
import Storage
import TestSupport
import XCTest

@testable import Engine

/// Which files are taken for nobody's while others are being recorded.
final class InspectionTests: XCTestCase {
  func testSecondNameThatGetsItsRowAfterTheRowsWereRead_IsNoOrphan() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path + "/data")
    defer { store.close() }
    let first = try store.blobs.place([directory.file("a", [1])])
    let clock = FixedClock(Clock.system.now() + .seconds(7200))
    let inspection = Inspection(store: store, clock: clock.clock)
    // As old as the file that it is another name of.
    let (found, second) = try store.blobs.link(first) { names in ((try inspection.compare(), names), []) }
    XCTAssertEqual(found.inUse, Set(second))
    XCTAssertEqual(try inspection.removeOrphans(of: found), 1, "no row names the first one")
    XCTAssertEqual(try store.blobs.names(), second)
    XCTAssertEqual(try inspection.removeOrphans(), 1)
    XCTAssertEqual(try store.blobs.names(), [])
  }
}
