import DataFormats
import XCTest

final class JSONLinesTests: XCTestCase {
  func testLines_BecomeAnArrayAndBack() {
    let lines = "{\"a\":1}\n[2,{\"b\":[]}]\n\"x\\ny\"\n3\n"
    let array = "[\n {\n  \"a\": 1\n },\n [\n  2,\n  {\n   \"b\": []\n  }\n ],\n \"x\\ny\",\n 3\n]"
    XCTAssertEqual(converted(lines, .ndjson, .json) { $0.indent = 1 }, array)
    XCTAssertEqual(converted(array, .json, .ndjson), lines)
  }

  func testLines_OfAnObjectOrValueAreOne() {
    XCTAssertEqual(converted("{\n\"a\": [1, 2]}", .json, .ndjson), "{\"a\":[1,2]}\n")
    XCTAssertEqual(converted(" 1.0", .json, .ndjson), "1.0\n")
    XCTAssertEqual(converted("[]", .json, .ndjson), "")
  }

  func testLines_MayBeEmptyAndEndInAnyWay() {
    XCTAssertEqual(converted("\u{FEFF}1\r\n\n \t\n2 \t\r3", .ndjson, .json) { $0.compact = true }, "[1,2,3]")
    XCTAssertEqual(converted("", .ndjson, .json), "[]")
    XCTAssertEqual(converted("\n", .ndjson, .json), "[]")
  }

  func testLines_HoldOneWholeValueEach() {
    let open = "line 1, column 4: the line ends inside a value; each line must hold a whole one"
    XCTAssertEqual(converted("[1,\n2]", .ndjson, .json), open)
    let two = "line 2, column 3: the end of the line after a value was expected, but there is ‘2’"
    XCTAssertEqual(converted("0\n1 2", .ndjson, .json), two)
  }
}
