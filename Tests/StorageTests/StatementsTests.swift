import TestSupport
import XCTest

@testable import Storage

final class StatementsTests: XCTestCase {
  private static let rest: StaticString = "FROM pairs ORDER BY a"

  func testOneRest_WithSeveralColumns_IsSeveralStatements() throws {
    let directory = try TemporaryDirectory()
    let database = try Database(path: directory.path + "/a.db", mode: .writing)
    try database.run("CREATE TABLE pairs (a INTEGER, b INTEGER)")
    try database.run("INSERT INTO pairs VALUES (1, 10), (2, 20)")
    for _ in 0..<2 {
      XCTAssertEqual(try database.all(selecting: "a", Self.rest, row: { $0.integer(0) }), [1, 2])
      XCTAssertEqual(try database.all(selecting: "b", Self.rest, row: { $0.integer(0) }), [10, 20])
      XCTAssertEqual(try database.first(selecting: "count(*)", Self.rest, row: { $0.integer(0) }), 2)
    }
    database.close()
  }
}
