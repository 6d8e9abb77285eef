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

  func testTree_KeepsTheLastOfMembersOfOneName_InThePlaceOfTheFirst() throws {
    var tree = DataTree()
    try tree.startObject()
    for (name, number) in [("a", "1"), ("b", "2"), ("a", "3"), ("c", "4"), ("a", "5")] {
      try tree.name(name)
      try tree.scalar(.number(number))
    }
    try tree.endObject()
    let members = [("a", "5"), ("b", "2"), ("c", "4")].map { DataValue.Member($0.0, .scalar(.number($0.1))) }
    XCTAssertEqual(tree.values, [.object(members)])
  }

  func testTree_TellsNamesApartThatAreOnlyCanonicallyEquivalent() throws {
    let members = ["\u{E9}", "e\u{301}"].map { DataValue.Member($0, .scalar(.null)) }
    var tree = DataTree()
    try DataValue.object(members).tell(&tree)
    guard case .object(let kept) = tree.values.first else { return XCTFail("\(tree.values)") }
    XCTAssertEqual(kept.count, 2)
  }
}
