import DataFormats
import XCTest

/// What nodes mean: the core schema, tags, aliases and merge keys.
final class YAMLReaderTests: XCTestCase {
  private func check(_ cases: [(String, String)], line: UInt = #line) throws {
    for (text, wanted) in cases { XCTAssertEqual(try YAMLTrial.value(text), wanted, text, line: line) }
  }

  func testPlainScalars_HaveTheTypesOfTheCoreSchema() throws {
    try check([
      ("[~, null, Null, '', true, TRUE, false, nUll]", #"[null,null,null,"",true,true,false,"nUll"]"#),
      ("[012, +1, -0, 0o14, 0x1F, 12345678901234567890]", "[12,1,-0,12,31,12345678901234567890]"),
      ("[1.10, .5, -.5, 1., 1e3, 01.5E-2, +1.0]", "[1.10,0.5,-0.5,1.0,1e3,1.5E-2,1.0]"),
      (
        "[0xFFFFFFFFFFFFFFFFFFFFFFFF, 0o9, 0x, 1_000, 0b1]",
        #"[79228162514264337593543950335,"0o9","0x","1_000","0b1"]"#
      ),
      (
        "[yes, no, on, off, y, 1:30, 2026-01-02, 1e, ., +, -a]",
        #"["yes","no","on","off","y","1:30","2026-01-02","1e",".","+","-a"]"#
      ),
    ])
    var tree = DataTree()
    try YAMLReader().read(ByteFeed(Array("[.inf, -.INF, .nan, +.nan]".utf8)), into: &tree)
    let wanted: [DataScalar] = [.infinity(negative: false), .infinity(negative: true), .notANumber, .string("+.nan")]
    XCTAssertEqual(tree.values, [.array(wanted.map { .scalar($0) })])
  }

  func testTags_GiveScalarsTheirType() throws {
    try check([
      (
        "[!!str 1, !!int '2', !!float 3, !!bool \"true\", !!null '', ! 4, !, ! '', !!str]",
        #"["1",2,3.0,true,null,"4",null,"",""]"#
      ),
      ("!!binary |\n aGk=\n", "\"aGk=\n\""), ("!!set {a, b}", #"{"a":null,"b":null}"#),
      ("!!omap [a: 1]", #"[{"a":1}]"#), ("%TAG !y! tag:yaml.org,2002:\n---\n!y!str 1", #""1""#),
      ("!<tag:yaml.org,2002:int> '7'", "7"), ("!!map {a: !!seq [!!timestamp 2026-01-02]}", #"{"a":["2026-01-02"]}"#),
    ])
    for text in ["!!int x", "!!bool yes", "!!null 1", "!!seq {}", "!!map []", "!!str []", "!!float a", "!!seq a"] {
      XCTAssertEqual(try YAMLTrial.fault(text)?.kind, .malformed, text)
    }
  }

  func testForeignTags_AreReadOverOrRefusedByName() throws {
    try check([("a: !Ref 1\nb: !e [2]", #"{"a":"1","b":[2]}"#)])
    let strict = YAMLReader(foreignTags: .refused)
    XCTAssertEqual(try YAMLTrial.fault("a: !Ref x", strict)?.sentence, "line 1, column 4: the tag !Ref is not known")
    XCTAssertEqual(try YAMLTrial.fault("!!str x", strict), nil)
    let python = try YAMLTrial.fault("!!python/object:os.system x")
    XCTAssertEqual(python?.sentence, "line 1, column 1: the tag !!python/object:os.system is not known")
    XCTAssertEqual(python?.kind, .unsupported)
  }

  func testAliases_AreFollowed() throws {
    try check([
      ("a: &x {b: 1}\nc: *x\nd: [*x, &y z, *y]\n", #"{"a":{"b":1},"c":{"b":1},"d":[{"b":1},"z","z"]}"#),
      ("&k a: &k b\n*k : c\nd: *k\n", #"{"a":"b","b":"c","d":"b"}"#),
      ("&m\n&k a: 1\n", #"{"a":1}"#), ("- &e\n- *e\n- &s !!str\n- *s", #"[null,null,"",""]"#),
      ("a: &s\n- 1\nb: *s", #"{"a":[1],"b":[1]}"#),
    ])
    for text in ["*a", "&a [*a]", "&a {b: {c: *a}}", "a: &a 1\n---\nb: *a", "&a\n*a", "- &a 1\n- &b *a", "&a &b c"] {
      XCTAssertNotNil(try YAMLTrial.fault(text), text)
    }
  }

  func testMergeKeys_GiveMembersThatOthersWinOver() throws {
    let base = "a: &a {p: 1, q: 2}\nb: &b {q: 3, r: 4}\n"
    try check([
      (base + "c:\n  q: 5\n  <<: *a\n  s: 6", #"{"a":{"p":1,"q":2},"b":{"q":3,"r":4},"c":{"p":1,"q":5,"s":6}}"#),
      (base + "c: {<<: [*a, *b]}", #"{"a":{"p":1,"q":2},"b":{"q":3,"r":4},"c":{"q":2,"r":4,"p":1}}"#),
      ("<<: text", #"{"<<":"text"}"#), ("'<<': {a: 1}", #"{"<<":{"a":1}}"#),
      ("- &a {x: 1}\n- &b {<<: *a, y: 2}\n- {<<: *b}", #"[{"x":1},{"x":1,"y":2},{"x":1,"y":2}]"#),
    ])
    XCTAssertNotNil(try YAMLTrial.fault("&a {<<: *a}"))
  }

  func testNames_AreTheTextOfKeys_AndTheLastOfTwoWins() throws {
    try check([
      ("1: a\n0x1F: b\nTrue: c\n~: d\n: e\n", #"{"1":"a","0x1F":"b","True":"c","~":"d","":"e"}"#),
      ("a: 1\nb: 2\na: 3", #"{"a":3,"b":2}"#),
      (
        (0..<12).map { "k\($0 % 9): \($0)\n" }.joined(),
        #"{"k0":9,"k1":10,"k2":11,"k3":3,"k4":4,"k5":5,"k6":6,"k7":7,"k8":8}"#
      ),
    ])
    for text in ["{[a]: b}", "? {a: b}\n: c", "? - a\n", "a: &x [1]\n*x : 2"] {
      XCTAssertEqual(try YAMLTrial.fault(text)?.kind, .unsupported, text)
    }
  }

  func testEncodings_AreKnownByTheirMark() throws {
    let text = "a: é😀\r\nb: 1\r"
    let wanted = [#"{"a":"é😀","b":1}"#]
    let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let little = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let wide = text.unicodeScalars.flatMap { scalar in [0, 8, 16, 24].map { UInt8(scalar.value >> $0 & 0xFF) } }
    XCTAssertEqual(try YAMLTrial.values([0xEF, 0xBB, 0xBF] + Array(text.utf8)), wanted)
    XCTAssertEqual(try YAMLTrial.values([0xFE, 0xFF] + big), wanted)
    XCTAssertEqual(try YAMLTrial.values([0xFF, 0xFE] + little), wanted)
    XCTAssertEqual(try YAMLTrial.values([0xFF, 0xFE, 0, 0] + wide), wanted)
    for broken: [UInt8] in [
      [0xFE, 0xFF, 0], [0xFE, 0xFF, 0xD8, 0], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x61, 0], [0xE2],
    ] {
      XCTAssertThrowsError(try YAMLTrial.values(broken), "\(broken)")
    }
  }
}
