import DataFormats
import XCTest

/// What is refused, and with which words.
final class YAMLRefusalTests: XCTestCase {
  func testReader_RefusesWithPlaceAndExpectation() throws {
    let cases = [
      ("a: b\n c: d", "line 2, column 3: “:” cannot stand here: the key before it is on several lines, expected one"),
      ("a: [b\nc: d", "line 2, column 1: the line is indented by 0: expected at least 1, for it is within brackets"),
      ("é: \"x", "line 1, column 4: a quoted text does not end: expected \""),
      ("[a b", "line 1, column 5: the text ends within brackets: expected “]” or “}”"),
      ("a: *b", "line 1, column 4: the alias *b means nothing: expected an anchor &b before it"),
      ("a: @b", "line 1, column 4: “@” is reserved and cannot begin a value: expected it within quotes"),
      ("- !x!y z", "line 1, column 3: the handle !x! means nothing: expected a directive %TAG !x! in this document"),
      ("\"\\q\"", "line 1, column 2: “q” cannot be escaped: expected one of 0abtnvfre\"/\\N_LPxuU behind “\\”"),
    ]
    for (text, wanted) in cases { XCTAssertEqual(try YAMLTrial.fault(text)?.sentence, wanted, text) }
  }

  func testReader_RefusesWhatTheGrammarHasNot() throws {
    let cases = [
      "a: - b", "- a: b\n - c", "a: b: c", "--- a: b", "--- - a", "&a - b", "a: 'b' c", "a: \"b\"#c", "a: |x\n b",
      "a: >#c\n b",
      "a:\n    b: 1\n  c: 2", "- a\nb", "a: b\n- c", "a\n---b: c\n\"x\ny\": z", "[a]]", "{a: b}}", "[a, , b]", "[,]",
      "[-]", "{a: b c: d}",
      "[a\n: b]", "[\"a\"\n:b]", "{ a: b }x", "'a\n...\n'", "[a,\n---\n]", "%YAML 1.2\n", "%YAML 1.2\n%YAML 1.2\n---",
      "%YAML 2.0\n---",
      "%YAML 1.2 x\n---", "%TAG ! x\n%TAG ! y\n---", "a # c\n%YAML 1.2\n---\nb", "a: b\n... c", "|0\n a",
      "a: |\n   \n  b",
      "? a: b: c", "a: \"b\nc\"",
      "\u{7F}", "a\u{1}", "\"\\uD800\"", "\"\\x4\"", "!<a b", "!!", "! !a b", "a: # b\nc d", "`a", "a: %b",
      "a: [b]c: d",
    ]
    for text in cases { XCTAssertNotNil(try YAMLTrial.fault(text), text) }
  }

  func testReader_RefusesDepth() throws {
    for text in ["[", "- ", "? ", "{a: ", "- ? "] {
      let fault = try YAMLTrial.fault(String(repeating: text, count: 100_000))
      XCTAssertEqual(fault?.kind, .tooLarge, text)
    }
    let deepest = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
    XCTAssertNil(try YAMLTrial.fault(deepest))
    let half = "a: &a \(String(repeating: "[", count: 150))\(String(repeating: "]", count: 150))\nb: "
    let twice = half + String(repeating: "[", count: 60) + "*a" + String(repeating: "]", count: 60)
    XCTAssertEqual(try YAMLTrial.fault(twice)?.kind, .tooLarge)
  }

  func testReader_RefusesMoreValuesThanItsLimit_AfterAliases() throws {
    let laughs = (1..<30).map {
      "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ","))]\n"
    }
    var limits = DataLimits()
    limits.values = 10_000
    let fault = try YAMLTrial.fault("a0: &a0 x\n" + laughs.joined(), YAMLReader(limits: limits))
    XCTAssertEqual(fault?.kind, .tooLarge)
    XCTAssertEqual(fault?.problem, "there are more than 10000 values after aliases have been followed")
    limits.values = 10
    XCTAssertNotNil(try YAMLTrial.fault("[1,2,3,4,5,6,7,8,9,0]", YAMLReader(limits: limits)))
    XCTAssertNil(try YAMLTrial.fault("[1,2,3,4,5,6,7,8,9]", YAMLReader(limits: limits)))
    limits.bytes = 4
    XCTAssertEqual(try YAMLTrial.fault("12345", YAMLReader(limits: limits))?.kind, .tooLarge)
  }

  func testReader_BoundsTheWorkOfMerging() throws {
    var limits = DataLimits()
    limits.values = 10_000
    let reader = YAMLReader(limits: limits)
    let doubled = (1..<100).map { "a\($0): &a\($0) {<<: [*a\($0 - 1), *a\($0 - 1)]}\n" }
    XCTAssertEqual(try YAMLTrial.fault("a0: &a0 {k: v}\n" + doubled.joined(), reader)?.kind, .tooLarge)
    let chain = (1..<5000).map { "- &a\($0) {<<: *a\($0 - 1)}\n" }
    XCTAssertEqual(try YAMLTrial.fault("- &a0 {k: v}\n" + chain.joined(), reader)?.kind, .tooLarge)
    let useless =
      "a: &l [\(String(repeating: "{},", count: 1000)) 1]\nb:\n" + String(repeating: "  <<: *l\n", count: 2000)
    XCTAssertEqual(try YAMLTrial.fault(useless, reader)?.kind, .tooLarge)
  }
}
