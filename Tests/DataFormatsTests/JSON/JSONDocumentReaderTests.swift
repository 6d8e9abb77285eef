import DataFormats
import XCTest

final class JSONDocumentReaderTests: XCTestCase {
  func testReader_TellsEveryKindOfValue() throws {
    let text = #" { "a" : [ 1 , -0.5e+3 , true , false , null , "" , { } , [ ] ] , "" : "x" } "#
    let wanted = DataValue.object([
      .init(
        "a",
        .array([
          .scalar(.number("1")), .scalar(.number("-0.5e+3")), .scalar(.bool(true)), .scalar(.bool(false)),
          .scalar(.null), .scalar(.string("")), .object([]), .array([]),
        ])), .init("", .scalar(.string("x"))),
    ])
    XCTAssertEqual(try tree(text), wanted)
  }

  func testReader_KeepsTheSpellingOfNumbers() throws {
    for number in ["12345678901234567890", "1.10", "-0", "1E400", "0.1e-7", "0"] {
      XCTAssertEqual(try tree(number), .scalar(.number(number)))
      XCTAssertEqual(try tree("[\(number)]"), .array([.scalar(.number(number))]))
    }
  }

  func testReader_UndoesEscapes() throws {
    let text = #""a\"\\\/\b\f\n\r\t\u00e9\u20AC\ud83d\uDE00 long enough for a word of eight \n again""#
    let wanted = "a\"\\/\u{8}\u{C}\n\r\té€😀 long enough for a word of eight \n again"
    XCTAssertEqual(try tree(text), .scalar(.string(wanted)))
  }

  func testReader_PassesOverAMarkAtTheBeginning() throws {
    XCTAssertEqual(try tree("\u{FEFF}[1]"), .array([.scalar(.number("1"))]))
    XCTAssertEqual(
      converted("[\u{FEFF}1]", .json, .json), "line 1, column 2: a value was expected, but there is ‘\u{FEFF}’")
  }

  /// Text, and the sentence that it is refused with.
  func testReader_SaysWhatIsWrongAndWhere() {
    let cases = [
      ("", "the document is empty, and a value was expected"),
      (" \n ", "the document is empty, and a value was expected"),
      ("[1,]", "line 1, column 4: a value was expected, but there is ‘]’"),
      ("{\n  \"é\": 1,\n}", "line 3, column 1: a name in quotes after the comma was expected, but there is ‘}’"),
      ("[1 2]", "line 1, column 4: ‘,’ or ‘]’ after a value was expected, but there is ‘2’"),
      ("{\"a\" 1}", "line 1, column 6: ‘:’ after a name was expected, but there is ‘1’"),
      ("{\"a\":1", "line 1, column 7: the document ends too early: ‘,’ or ‘}’ was expected"),
      ("[1]\r\r\n\n]", "line 4, column 1: the end of the document after its value was expected, but there is ‘]’"),
      ("[\"abc", "line 1, column 2: the string that begins here is never closed"),
      ("\"a\nb\"", "line 1, column 3: a string may not have the control character U+000A as it is, only as an escape"),
      ("[01]", "line 1, column 2: a number may not begin with 0 before another digit"),
      ("[1.]", "line 1, column 4: a digit is missing in this number"),
      ("-", "line 1, column 1: the document ends inside a number"),
      ("[nul]", "line 1, column 2: an unknown word; only true, false and null stand without quotes"),
      ("[1,\u{1}]", "line 1, column 4: a value or a mark was expected, but there is the byte 0x01"),
      (#"["\x"]"#, "line 1, column 3: an unknown escape; after a backslash comes one of \" \\ / b f n r t u"),
      (#"["\u12g4"]"#, "line 1, column 7: four hexadecimal digits were expected after \\u"),
    ]
    for (text, sentence) in cases { XCTAssertEqual(converted(text, .json, .json), sentence, text) }
  }

  func testReader_RefusesHalvesOfSurrogatePairs() {
    for half in [#"\ud800"#, #"\udc00"#, #"\ud800\u0041"#, #"\ud800x"#, #"\ud800\ud800"#, #"\udc00\ud800"#] {
      let sentence = "line 1, column 3: half of a surrogate pair stands alone in this escape"
      XCTAssertEqual(converted("[\"\(half)\"]", .json, .json), sentence, half)
    }
  }

  func testReader_RefusesWhatIsNoUTF8() {
    let faults: [[UInt8]] = [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
      [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xFF],
    ]
    for fault in faults {
      let made = convertedBytes([0x22] + fault + [0x22], .json, .json)
      let sentence = "line 1, column 2: the text is not UTF-8: a byte of this string belongs to no character"
      XCTAssertEqual(String(decoding: made, as: UTF8.self), sentence, "\(fault)")
    }
    let wide = convertedBytes([0xFF, 0xFE, 0x5B, 0, 0x5D, 0], .json, .json)
    XCTAssertTrue(
      String(decoding: wide, as: UTF8.self).hasSuffix("the text is in UTF-16 or UTF-32, and JSON must be UTF-8"))
  }

  func testReader_RefusesDepthBeyondItsLimit() {
    let deep = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
    XCTAssertEqual(converted(deep, .json, .ndjson).count, 399)
    let sentence = "line 1, column 201: more than 200 arrays and objects stand inside each other"
    XCTAssertEqual(converted(String(repeating: "[", count: 100_000), .json, .json), sentence)
    let objects = converted(String(repeating: "{\"a\":", count: 100_000), .json, .json)
    XCTAssertTrue(objects.hasSuffix("more than 200 arrays and objects stand inside each other"), objects)
  }

  func testReader_RefusesATokenBeyondItsLimit() {
    var limits = DataLimits()
    limits.token = 1 << 20
    let text = Array("\"\(String(repeating: "x", count: 3 << 20))\"".utf8)
    let made = String(decoding: convertedBytes(text, .json, .json, limits: limits), as: UTF8.self)
    XCTAssertEqual(made, "line 1, column 2: a single text or number has more than 1 MB")
  }

  /// Every token is cut by the end of a piece at every place once.
  func testReader_ReadsTokensThatPiecesCut() throws {
    let tokens = #"{"né":"\ud83d\ude00€\\","b":[-12.5e+10,true,null,false]}"#
    let wanted = try tree(tokens)
    for shift in 0...tokens.utf8.count {
      let blanks = String(repeating: " ", count: ByteFeed.piece - shift)
      XCTAssertEqual(try tree(blanks + tokens), wanted, "\(shift)")
    }
  }

  func testReader_RefusesNamesThatComeTwice_WhereAsked() {
    let text = #"[{"a":1,"b":{"a":2},"é":3},{"a":1,"b":2,"a":3}]"#
    let refused = converted(text, .json, .json) { $0.refusesDuplicates = true }
    XCTAssertEqual(refused, "line 1, column 44: the name ‘a’ comes twice in one object")
    XCTAssertEqual(converted(text, .json, .csv), "a,b,é\r\n1,\"{\"\"a\"\":2}\",3\r\n3,2,\r\n")
  }

  private func tree(_ text: String) throws -> DataValue? {
    var tree = DataTree()
    try JSONDocumentReader().read(ByteFeed(Array(text.utf8)), into: &tree)
    return tree.values.first
  }
}
