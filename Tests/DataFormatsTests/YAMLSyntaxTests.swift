import DataFormats
import XCTest

/// What stands where: the grammar of YAML 1.2.2, chapters 6 to 9.
final class YAMLSyntaxTests: XCTestCase {
  private func check(_ cases: [(String, String)], line: UInt = #line) throws {
    for (text, wanted) in cases { XCTAssertEqual(try YAMLTrial.value(text), wanted, text, line: line) }
  }

  func testBlockCollections_NestByIndentation() throws {
    try check([
      (
        "a:\n  b: 1\n  c:\n    - x\n    - y: z\n      q: r\nd: 2\n", #"{"a":{"b":1,"c":["x",{"y":"z","q":"r"}]},"d":2}"#
      ),
      ("a:\n- 1\n- 2\nb: 3", #"{"a":[1,2],"b":3}"#),
      ("- - 1\n  - 2\n-\n  - 3\n-", #"[[1,2],[3],null]"#),
    ])
  }

  func testExplicitKeys_MayStandOnLinesOfTheirOwn() throws {
    try check([
      ("? a\n: 1\n? b\n? |\n  c\n: - 2\n  - 3\n", "{\"a\":1,\"b\":null,\"c\n\":[2,3]}"),
      ("? a\n:\n- 1\n- 2", #"{"a":[1,2]}"#),
    ])
  }

  func testPlainScalars_GoOnOverLinesAndEndAtIndicators() throws {
    try check([
      ("a b\n c\n\n d", "\"a b c\nd\""),
      ("a: b:c d#e -f\n", #"{"a":"b:c d#e -f"}"#),
      ("a: b # c\n", #"{"a":"b"}"#),
      ("- ?x\n- :y\n- -z\n- a, b]\n", #"["?x",":y","-z","a, b]"]"#),
      ("a: x\n  - y\n", #"{"a":"x - y"}"#),
    ])
  }

  func testQuotedScalars_FoldLinesAndDecodeEscapes() throws {
    try check([
      (#""\x41\u263A\U0001F600\uD83D\uDE00\t\/\\\"""#, "\"A☺😀😀\t/\\\"\""),
      ("'it''s\n  so\n\n  ok'", "\"it's so\nok\""),
      ("\"a \\\n   b\\\n\n   c \\t\n d\"", "\"a b\nc \t d\""),
      ("\"a\": 1\n'b' : 2\n", #"{"a":1,"b":2}"#),
    ])
  }

  func testBlockScalars_KeepFoldStripAndStateIndentation() throws {
    try check([
      ("a: |\n  x\n   y\n\n  z\n\nb: 1", "{\"a\":\"x\n y\n\nz\n\",\"b\":1}"),
      ("a: >\n  x\n  y\n\n  z\n    more\n  w\n", "{\"a\":\"x y\nz\n  more\nw\n\"}"),
      ("- |-\n x\n\n- |+\n y\n\n- |2\n   z\n", "[\"x\",\"y\n\n\",\" z\n\"]"),
      ("--- |\n%no directive\n# no comment\n...\n", "\"%no directive\n# no comment\n\""),
      ("a: |+\n\n\nb: >-\n\nc: |\n", "{\"a\":\"\n\n\",\"b\":\"\",\"c\":\"\"}"),
    ])
  }

  func testFlowCollections_MayBeOnManyLinesAndHavePairs() throws {
    try check([
      (
        "[a, 'b', {c: d}, [], {}, e: f, ? g : h, \"i\":j,]", #"["a","b",{"c":"d"},[],{},{"e":"f"},{"g":"h"},{"i":"j"}]"#
      ),
      (
        "{a, b: , \"c\":1, d\n : 2, ? e, # comment\n f: [\n x\n ]}",
        #"{"a":null,"b":null,"c":1,"d":2,"e":null,"f":["x"]}"#
      ),
      ("a: [\n  x,\n  y\n]\nb: {\n  c: 1\n}\n", #"{"a":["x","y"],"b":{"c":1}}"#),
      ("{http://x.org/?a=b, -1, a:b}", #"{"http://x.org/?a=b":null,"-1":null,"a:b":null}"#),
    ])
  }

  func testDocuments_ArePartedByMarkers() throws {
    let apart = try YAMLTrial.values("%YAML 1.2\n--- a\n...\n# c\n---\n---\nb: 1\n...\n%TAG !e! x:\n---\n- c\n")
    XCTAssertEqual(apart, ["\"a\"", "null", "{\"b\":1}", "[\"c\"]"])
    try check([
      ("a\n---\nb", #"["a","b"]"#), ("---\na", #""a""#), ("# nothing\n", "null"), ("", "null"),
      ("a: --- b", #"{"a":"--- b"}"#),
    ])
  }

  func testTabs_SeparateButDoNotIndent() throws {
    try check([("a:\tb\nc:\t# d\n \t\te\n", #"{"a":"b","c":"e"}"#), ("\t[\n\ta\t]", #"["a"]"#), ("-\t-1", "[-1]")])
    for text in ["a:\n\tb: c", "-\t- a", "?\t- a", "a:\n  b: 1\n \tc: 2", "a: |\n\t\nb: 1", "- [\n\ta\n ]"] {
      XCTAssertNotNil(try YAMLTrial.fault(text), text)
    }
  }

  func testEvents_AreThoseOfTheSuitesNotation() throws {
    let lines = try YAMLReader.events(Array("--- !t &a\n- &b 'x'\n- *b\n- {? \"y\" : z}\n...\n".utf8))
    XCTAssertEqual(
      lines,
      [
        "+STR", "+DOC ---", "+SEQ &a <!t>", "=VAL &b 'x", "=ALI *b", "+MAP {}", "=VAL \"y", "=VAL :z", "-MAP", "-SEQ",
        "-DOC ...", "-STR",
      ])
  }
}
