import DataFormats
import XCTest

final class DataTreeTests: XCTestCase {
  func testTree_IsWhatWasTold() throws {
    let value = DataValue.object([
      .init("a", .array([.scalar(.null), .scalar(.number("1.10"))])), .init("b", .object([])),
    ])
    var tree = DataTree()
    try value.tell(&tree)
    XCTAssertEqual(tree.values, [value])
  }

  func testTree_RefusesDepthAndNumberBeyondItsLimits() throws {
    var limits = DataLimits()
    limits.depth = 2
    limits.values = 3
    var deep = DataTree(limits: limits)
    try deep.startArray()
    try deep.startArray()
    XCTAssertThrowsError(try deep.startArray()) { XCTAssertEqual(($0 as? DataFault)?.kind, .tooLarge) }
    var wide = DataTree(limits: limits)
    try wide.startArray()
    try wide.scalar(.null)
    try wide.scalar(.null)
    XCTAssertThrowsError(try wide.scalar(.null)) { XCTAssertEqual(($0 as? DataFault)?.kind, .tooLarge) }
  }
}
