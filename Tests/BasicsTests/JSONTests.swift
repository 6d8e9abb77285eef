import XCTest

@testable import Basics

final class JSONTests: XCTestCase {
  func testParse_OfADocument() throws {
    let text = #"{"a":[1,-2.5,1e3,true,false,null],"b":{"c":"\u00e9\ud83d\ude00\n\/"},"a":"last"}"#
    let document = try JSONReader.parse(text.utf8)
    XCTAssertEqual(document["a"]?.string, "last")
    XCTAssertEqual(document["b"]?["c"]?.string, "é😀\n/")
    XCTAssertEqual(document.members?.first?.value[1], .number(-2.5))
    XCTAssertEqual(document.members?.first?.value[0], .integer(1))
  }

  func testParse_RefusesWhatTheStandardForbids() {
    let bad = [
      "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "{'a':1}", "01", "+1", "1.", ".5", "1e", "0x1", "NaN", "tru", "nul",
      "\"\t\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"", "[1 2]", "1 2", "{\"a\" 1}", "[1]]",
      "\u{FEFF}1", "--1", "-",
    ]
    for text in bad { XCTAssertThrowsError(try JSONReader.parse(text.utf8), text) }
    XCTAssertThrowsError(try JSONReader.parse([0x22, 0xFF, 0x22]))
    XCTAssertThrowsError(try JSONReader.parse([0x22, 0xC0, 0x80, 0x22]))
  }

  func testParse_AtTheDepthLimit() throws {
    let deep = String(repeating: "[", count: 511) + "1" + String(repeating: "]", count: 511)
    XCTAssertNoThrow(try JSONReader.parse(deep.utf8))
    XCTAssertThrowsError(try JSONReader.parse(("[" + deep + "]").utf8))
    XCTAssertThrowsError(try JSONReader.parse([UInt8](repeating: 0x5B, count: 1 << 20)))
  }

  func testWriter_EscapesAndSeparates() {
    var writer = JSONWriter()
    writer.object { object in
      object.member("a", "\"\\\n\u{1}\u{1f}é\u{2028}")
      object.member(
        "b",
        array: {
          $0.number(Int64(1)); $0.string("x"); $0.null()
        })
      object.member("c", object: { _ in })
      object.member("d", nil as String?)
      object.member("e", true)
    }
    XCTAssertEqual(
      String(decoding: writer.bytes, as: UTF8.self),
      #"{"a":"\"\\\n\u0001\u001fé\u2028","b":[1,"x",null],"c":{},"d":null,"e":true}"#)
  }

  func testWriter_AndReader_AgreeOnEveryByteOfText() throws {
    let text = String(String.UnicodeScalarView((0..<0x3000).compactMap(Unicode.Scalar.init)))
    XCTAssertEqual(try JSONReader.parse(JSONValue.string(text).text.utf8), .string(text))
  }

  func testWriter_OfNumbersJSONCannotHold_WritesNull() {
    XCTAssertEqual(JSONValue.array([.number(.infinity), .number(.nan), .number(0.1)]).text, "[null,null,0.1]")
  }
}
