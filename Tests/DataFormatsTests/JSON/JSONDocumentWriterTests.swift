import DataFormats
import XCTest

final class JSONDocumentWriterTests: XCTestCase {
  private let text = #"{"a":[1,{"b":[]},{}],"c":"x"}"#

  func testWriter_IndentsAsAsked() {
    let two = "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    },\n    {}\n  ],\n  \"c\": \"x\"\n}"
    XCTAssertEqual(converted(text, .json, .json), two)
    XCTAssertEqual(converted(two, .json, .json) { $0.compact = true }, text)
    for indent in 0...8 {
      let wanted = two.replacing("  ", with: String(repeating: " ", count: indent))
      XCTAssertEqual(converted(text, .json, .json) { $0.indent = indent }, wanted)
    }
    XCTAssertEqual(converted(text, .json, .json) { $0.indent = 9 }, "the indent must be from 0 to 8 blanks")
  }

  func testWriter_EscapesNoMoreThanItMust() throws {
    let all = (0..<0x80).map { String(UnicodeScalar(UInt8($0))) }.joined() + "é\u{2028}😀"
    let (drain, text) = makeDrain()
    var writer = JSONDocumentWriter(drain)
    try writer.scalar(.string(all))
    try drain.flush()
    let short = [8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 0x22: "\\\"", 0x5C: "\\\\"]
    var wanted = ""
    for code in 0..<0x80 {
      let long = code < 16 ? "\\u000" : "\\u00"
      let plain = code < 0x20 ? long + String(code, radix: 16) : String(UnicodeScalar(UInt8(code)))
      wanted += short[code] ?? plain
    }
    XCTAssertEqual(text(), "\"" + wanted + "é\u{2028}😀\"")
  }

  func testWriter_WritesMomentsAsTextAndRefusesWhatJSONHasNot() throws {
    let (drain, text) = makeDrain()
    var writer = JSONDocumentWriter(drain, layout: .compact)
    try writer.startArray()
    try writer.scalar(.moment("2020-01-01T00:00:00Z"))
    XCTAssertThrowsError(try writer.scalar(.infinity(negative: true))) {
      XCTAssertEqual(($0 as? DataFault)?.sentence, "infinity has no JSON form")
    }
    XCTAssertThrowsError(try writer.scalar(.notANumber)) {
      XCTAssertEqual(($0 as? DataFault)?.sentence, "NaN (not a number) has no JSON form")
    }
    try writer.endArray()
    try drain.flush()
    XCTAssertEqual(text(), "[\"2020-01-01T00:00:00Z\"]")
  }

  private func makeDrain() -> (ByteDrain, () -> String) {
    let gathered = TextMemory()
    let drain = ByteDrain { gathered.append($0) }
    return (drain, { String(decoding: gathered.bytes, as: UTF8.self) })
  }
}
