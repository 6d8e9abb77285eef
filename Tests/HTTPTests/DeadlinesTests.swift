import XCTest

@testable import HTTP

final class DeadlinesTests: XCTestCase {
  func testRemoveFirst_GivesEntriesInTheOrderOfTheirTimes() {
    var deadlines = Deadlines()
    var random = SystemRandomNumberGenerator()
    let times = (0..<500).map { _ in Int64.random(in: 0..<100, using: &random) }
    for (index, time) in times.enumerated() {
      deadlines.add(.init(time: time, descriptor: Int32(index), serial: 0))
    }
    XCTAssertEqual(deadlines.next, times.min())
    var found: [Int64] = []
    while let entry = deadlines.removeFirst(until: 49) { found.append(entry.time) }
    XCTAssertEqual(found, times.filter { $0 <= 49 }.sorted())
    XCTAssertEqual(deadlines.count, times.count { $0 > 49 })
  }

  func testRemoveFirst_OfNone_IsNil() {
    var deadlines = Deadlines()
    XCTAssertEqual(deadlines.next, .max)
    XCTAssertNil(deadlines.removeFirst(until: .max))
  }
}
