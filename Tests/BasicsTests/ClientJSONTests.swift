import TestSupport
import XCTest

@testable import Basics

/// What a client's document may not have beyond the standard.
final class ClientJSONTests: XCTestCase {
  private func problem(_ text: String) -> String? {
    do {
      _ = try JSONReader.parse(text.utf8, from: .client)
      return nil
    } catch {
      return error.problem
    }
  }

  func testParse_OfAMemberThatComesTwice_IsRefusedByNameAtEveryDepth() {
    XCTAssertEqual(problem(#"{"to":1,"to":1}"#), #"the member "to" comes twice"#)
    XCTAssertEqual(problem(#"[{"a":{"x":1,"y":2,"x":null}}]"#), #"the member "x" comes twice"#)
    XCTAssertEqual(problem(#"{"to":1,"\u0074o":2}"#), #"the member "to" comes twice"#)
    XCTAssertEqual(problem("{\"\u{E9}\":1,\"e\u{301}\":2}"), "the member \"e\u{301}\" comes twice")
    let many = (0..<50).map { "\"m\($0)\":0" }.joined(separator: ",")
    XCTAssertEqual(problem("{\(many),\"m7\":1}"), #"the member "m7" comes twice"#)
    XCTAssertNil(problem("{\(many),\"n\":[{\"m7\":1},{\"m7\":1}],\"M7\":1}"))
  }

  func testParse_OfAVeryLongName_IsRefused() {
    XCTAssertNil(problem(#"{"\#(String(repeating: "a", count: 128))":1}"#))
    XCTAssertEqual(problem(#"{"\#(String(repeating: "a", count: 129))":1}"#), "a member name of more than 128 bytes")
  }

  func testParse_OfManyMarksOnALetter_IsRefused() {
    func marks(_ count: Int, _ mark: String) -> String { "a" + String(repeating: mark, count: count) }
    XCTAssertNil(problem("[\"\(marks(30, "\u{301}"))\", \"\(marks(30, "\u{323}"))\"]"))
    XCTAssertEqual(problem("[\"\(marks(31, "\u{301}"))\"]"), "more than 30 combining marks in a row")
    XCTAssertEqual(
      problem("[\"a" + String(repeating: "\\u0301", count: 31) + "\"]"), problem("[\"\(marks(31, "\u{301}"))\"]"))
    XCTAssertNotNil(problem("{\"\(marks(31, "\u{F73}"))\":1}"))
    XCTAssertNil(problem("[\"\(String(repeating: "e\u{301}한글नमस्ते", count: 500))\"]"))
  }

  func testParse_OfOurOwnDocument_TakesTheLast() throws {
    XCTAssertEqual(try JSONReader.parse(#"{"a":1,"a":2}"#.utf8)["a"]?.integer, 2)
  }

  func testParse_OfEveryShape_IsLinear() throws {
    let shapes: [(String, (Int) -> String)] = [
      ("names", { count in "{" + (0..<count).map { "\"m\($0)\":0" }.joined(separator: ",") + "}" }),
      ("numbers", { "[" + String(repeating: "1,", count: $0) + "1]" }),
      ("arrays", { "[" + String(repeating: "[[[]]],", count: $0) + "1]" }),
      ("objects", { "[" + String(repeating: "{\"a\":{}},", count: $0) + "1]" }),
      ("escapes", { "\"" + String(repeating: "\\u00e9\\n", count: $0) + "\"" }),
      ("marks", { "[" + String(repeating: "\"a\u{301}\u{323}\",", count: $0) + "1]" }),
    ]
    for (name, shape) in shapes {
      let texts = [2000, 8000].reduce(into: [:]) { $0[$1] = Array(shape($1).utf8) }
      let ratio = try Growth.ratio(of: 2000) { _ = try JSONReader.parse(texts[$0] ?? [], from: .client) }
      XCTAssertLessThan(ratio, Growth.mostForLinear, name)
    }
  }
}
