import DataFormats
import XCTest

final class CSVDocumentWriterTests: XCTestCase {
  func testWriter_MakesARowOfEachObject() {
    let text = #"[{"a":1,"b":true},{"b":null,"a":"x"},{"c":false},{}]"#
    XCTAssertEqual(csv(text), "a,b,c\r\n1,true,\r\nx,,\r\n,,false\r\n,,\r\n")
  }

  func testWriter_WritesWhatIsInsideARowAsJSON() {
    let text = #"[{"a":{"x":[1.0,"q\"é"]},"b":[]},{"b":[{}, null]}]"#
    XCTAssertEqual(csv(text), "a,b\r\n\"{\"\"x\"\":[1.0,\"\"q\\\"\"é\"\"]}\",[]\r\n,\"[{},null]\"\r\n")
  }

  func testWriter_QuotesWhereAReaderNeedsIt() {
    let texts = ["x", "a,b", "q\"q", "l\nl", "r\rr", " lead", "trail\t", "in side", "a;b", ""]
    let list = texts.map { $0.replacing("\"", with: "\\\"").replacing("\n", with: "\\n").replacing("\r", with: "\\r") }
      .map { $0.replacing("\t", with: "\\t") }
    let rows = list.map { "{\"a\":\"\($0)\",\"b\":0}" }.joined(separator: ",")
    let wanted = [
      "x", "\"a,b\"", "\"q\"\"q\"", "\"l\nl\"", "\"r\rr\"", "\" lead\"", "\"trail\t\"", "in side", "a;b", "",
    ]
    XCTAssertEqual(csv("[\(rows)]"), "a,b\r\n" + wanted.map { $0 + ",0\r\n" }.joined())
  }

  func testWriter_QuotesInOneColumnWhatLooksLikeMoreOrLess() {
    let made = csv(#"[{"a":""},{"a":"x;y"},{"a":null},{}]"#)
    XCTAssertEqual(made, "a\r\n\"\"\r\n\"x;y\"\r\n\"\"\r\n\"\"\r\n")
    XCTAssertEqual(converted(made, .csv, .ndjson), "{\"a\":\"\"}\n{\"a\":\"x;y\"}\n{\"a\":\"\"}\n{\"a\":\"\"}\n")
  }

  func testWriter_HidesInTheFirstRowWhatDelimitsElsewhere() {
    let text = #"[{"a":"x;y","b":"1","c":"u|v"},{"a":"z;w","b":"2","c":"s|t"}]"#
    let made = csv(text) { $0.header = false }
    XCTAssertEqual(made, "\"x;y\",1,\"u|v\"\r\nz;w,2,s|t\r\n")
    XCTAssertEqual(converted(made, .csv, .csv) { $0.header = false }, made)
    XCTAssertEqual(csv(#"[{"a;b":"c;d","e":"f"}]"#), "\"a;b\",e\r\nc;d,f\r\n")
  }

  func testWriter_QuotesAMarkAtTheBeginning() {
    let made = csv("[{\"\u{FEFF}a\":1,\"b\":2}]")
    XCTAssertEqual(made, "\"\u{FEFF}a\",b\r\n1,2\r\n")
    XCTAssertEqual(converted(made, .csv, .ndjson), "{\"\u{FEFF}a\":\"1\",\"b\":\"2\"}\n")
  }

  func testWriter_MakesOneRowOfAnObjectOrValue() {
    XCTAssertEqual(csv(#"{"a":1,"b":[{"c":2}]}"#), "a,b\r\n1,\"[{\"\"c\"\":2}]\"\r\n")
    XCTAssertEqual(csv("\"x, y\""), "value\r\n\"x, y\"\r\n")
    XCTAssertEqual(csv("null"), "value\r\n\"\"\r\n")
    XCTAssertEqual(csv("3.50"), "value\r\n3.50\r\n")
  }

  func testWriter_RefusesWhatIsNoTable() {
    let needs = "a table needs a list of objects, but "
    XCTAssertEqual(csv("[1]"), needs + "item 1 of the list is a single value")
    XCTAssertEqual(csv(#"[{"a":1},"x"]"#), needs + "item 2 of the list is a single value")
    XCTAssertEqual(csv(#"[{"a":1},[1]]"#), needs + "item 2 of the list is an array")
    XCTAssertEqual(csv("[]"), "the list is empty, and a table has at least one row")
    XCTAssertEqual(csv("[{},{}]"), "no row has a member, and a table has at least one column")
    XCTAssertEqual(csv("{}") { $0.requiresRows = true }, needs + "the document is an object")
    XCTAssertEqual(csv("1") { $0.requiresRows = true }, needs + "the document is a single value")
  }

  func testWriter_TakesADialectAndNoHeader() {
    let text = #"[{"a":"1,5","b":"x;y"},{"a":"it's"}]"#
    let made = csv(text) {
      $0.delimiter = UInt8(ascii: ";")
      $0.quote = UInt8(ascii: "'")
      $0.header = false
    }
    XCTAssertEqual(made, "'1,5';'x;y'\r\n'it''s';\r\n")
    XCTAssertEqual(converted(text, .json, .tsv), "a\tb\r\n1,5\tx;y\r\nit's\t\r\n")
    let without = csv(text) { $0.quote = nil }
    XCTAssertEqual(without, "a field has the delimiter, a line's end or a blank at its edge, and needs quotes")
  }

  func testWriter_BoundsColumnsAndRows() {
    var limits = DataLimits()
    limits.columns = 2
    limits.token = 1 << 20
    func made(_ text: String) -> String {
      String(decoding: convertedBytes(Array(text.utf8), .json, .csv, limits: limits), as: UTF8.self)
    }
    XCTAssertEqual(made(#"[{"a":1,"b":1},{"c":1}]"#), "the rows have more than 2 different names")
    let long = "\"" + String(repeating: "x", count: 700_000) + "\""
    XCTAssertEqual(made("{\"a\":\(long),\"b\":\(long)}"), "a row has more than 1 MB")
    XCTAssertEqual(made("{\"a\":[\(long),\(long)]}"), "a value inside a row has more than 1 MB")
  }

  private func csv(_ text: String, _ set: (inout DataOptions) -> Void = { _ in }) -> String {
    converted(text, .json, .csv, set)
  }
}
