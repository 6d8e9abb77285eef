import DataFormats
import XCTest

final class TOMLReaderTests: XCTestCase {
  private func read(_ text: String, limits: DataLimits = DataLimits()) throws -> String {
    var sink = PlainText()
    try TOMLReader(limits: limits).read(ByteFeed(Array(text.utf8)), into: &sink)
    return sink.text
  }

  private func sentence(_ text: String) -> String? {
    do {
      _ = try read(text)
      return nil
    } catch { return (error as? DataFault)?.sentence ?? "\(error)" }
  }

  func testReader_ReadsTablesInTheirOrder() throws {
    let text = """
      \u{FEFF}# comment
      title = "x" # more
      'a b'."c\\n".d = [1, # one
        [true, 'y'],
      ]
      [z.y]
      k = { p.q = 1, r = {} }
      [[list]]
      n = 1
      [list.sub]
      [[list.deep]]
      [[list]]
      [z]
      m = 2\r


      """
    XCTAssertEqual(
      try read(text),
      "{title:'x' a b:{c\n:{d:[1 [true 'y']]}} z:{y:{k:{p:{q:1} r:{}}} m:2} list:[{n:1 sub:{} deep:[{}]} {}]}")
  }

  func testReader_SpellsNumbersAsJSONDoes() throws {
    for (number, expected) in [
      ("+99", "99"), ("-0", "0"), ("1_000", "1000"), ("0xDEAD_beef", "3735928559"), ("0o755", "493"), ("0b101", "5"),
      ("9223372036854775807", "9223372036854775807"), ("-9223372036854775808", "-9223372036854775808"), ("+1.0", "1.0"),
      ("-0.0", "-0.0"), ("1_0.2_5", "10.25"), ("1e06", "1e06"), ("6.626E-34", "6.626E-34"),
      ("3.14159265358979323846", "3.14159265358979323846"),
      ("inf", "inf"), ("-inf", "-inf"), ("+nan", "nan"),
    ] {
      XCTAssertEqual(try read("a = " + number), "{a:\(expected)}")
    }
    for number in [
      "01", "+01", "1__0", "_1", "1_", "0x", "0xG", "+0x1", "0X1", "0b2", "0o8", "0x_1", "1.", ".1", "1.e1", "1e",
      "1e1.0", "1e_1", "--1", "inF",
      "9223372036854775808", "-9223372036854775809", "0x8000000000000000", "1 2", "١", "true1", "infinity", "1.2.3",
    ] {
      XCTAssertNotNil(sentence("a = " + number), number)
    }
  }

  func testReader_ReadsTextsOfEveryKind() throws {
    for (text, expected) in [
      (#""\b\t\n\f\r\"\\\u00e9\U0001F600""#, "\u{8}\t\n\u{C}\r\"\\é😀"), (#"'C:\x'"#, #"C:\x"#),
      ("\"\"\"\nx\r\ny\"\"\"", "x\ny"),
      ("\"\"\"a \\\n\n   b\\ \n \"\"\"", "a b"), ("'''\n'a''b'''''", "'a''b''"), ("\"\"\"\"\"a\"\"\"\"\"", "\"\"a\"\""),
      ("''''''", ""),
    ] {
      XCTAssertEqual(try read("a = " + text), "{a:'\(expected)'}")
    }
    for text in [
      #""\x41""#, #""\e""#, #""\ud800""#, #""\U00110000""#, #""\u12""#, "\"a\nb\"", "\"a", "'a", "\"\"\"a", "'''a",
      "\"\u{0}\"", "'\u{7F}'",
      "\"\"\"a\rb\"\"\"", "'''a\u{1}'''", "\"\"\"\\ a\"\"\"", "\"a\" \"b\"", "'''a''''''",
    ] {
      XCTAssertNotNil(sentence("a = " + text), text)
    }
  }

  func testReader_RefusesToDefineTwice() {
    for text in [
      "a=1\na=2", "[a]\n[a]", "[a]\nb=1\n[a.b]", "a.b=1\n[a]", "a={}\n[a.b]", "a={b=1}\na.c=2", "a={b={}}\n[a.b.c]",
      "a=[]\n[[a]]", "[[a]]\n[a]",
      "[a]\n[[a]]", "[a.b]\n[[a]]", "[a.b.c]\n[a]\nb.c.d=1", "[[a.b]]\n[a]\nb.c=1", "a={b=1,b.c=2}", "a={b.c=1,b={}}",
      "a.b=1\na.b.c=2",
      "[a]\nb.c=1\n[a.b]", "a=[{b=1}]\n[a.c]", "'a'=1\n\"a\"=2", "[a.b]\n[a]\nb=1", "[[a]]\n[a.b]\n[[a.b]]",
    ] {
      XCTAssertNotNil(sentence(text), text)
    }
    for text in [
      "\"e\u{301}\"=1\n\"é\"=2"
    ] {
      XCTAssertNil(sentence(text), text)
    }
  }

  func testReader_RefusesWhatIsNotTOML() {
    for text in [
      "a", "a=", "=1", "a b=1", "a.=1", ".a=1", "a=1 b=2", "[a", "[a]]", "[[a]", "[ [a]]", "[]", "[a] b=1", "a=[1 2]",
      "a=[,]", "a=[1,,2]", "a=[",
      "a={b=1,}", "a={\nb=1}", "a={b=1 c=2}", "a={", "a=1\rb=2", "# \u{1}", "# \u{7F}", "# a\rb", "\"\"\"a\"\"\"=1",
      "é=1", "a=1\u{FEFF}", "a=1\u{0}",
    ] {
      XCTAssertNotNil(sentence(text), text)
    }
    var sink = PlainText()
    XCTAssertThrowsError(try TOMLReader().read(ByteFeed([0x23, 0xC3]), into: &sink))
  }

  func testReader_SaysWhereAndWhat() {
    XCTAssertEqual(sentence("a = 1\n é = 2"), "line 2, column 2: a key is expected, not the character U+00E9")
    XCTAssertEqual(sentence("[a]\nb = 'é' x"), "line 2, column 9: the end of the line is expected, not 'x'")
    XCTAssertEqual(sentence("a = 1\na = 2"), "line 2, column 1: the key a is defined already")
  }

  func testReader_HoldsToItsLimits() {
    func kind(_ text: String, _ change: (inout DataLimits) -> Void = { _ in }) -> DataFault.Kind? {
      var limits = DataLimits()
      change(&limits)
      do {
        _ = try read(text, limits: limits)
        return nil
      } catch { return (error as? DataFault)?.kind }
    }
    let path = Array(repeating: "a", count: 100_000).joined(separator: ".")
    for text in ["[\(path)]", "\(path) = 1", "a = " + String(repeating: "[", count: 100_000)] {
      XCTAssertEqual(kind(text), .tooLarge)
    }
    XCTAssertEqual(kind("a = " + String(repeating: "{a=", count: 1000)), .tooLarge)
    XCTAssertEqual(kind("a=1\nb=[1,2]") { $0.values = 3 }, .tooLarge)
    XCTAssertEqual(kind("a=1\nb=2") { $0.bytes = 6 }, .tooLarge)
    XCTAssertNil(kind("[a.b]\nc.d=1") { $0.depth = 4 })
    XCTAssertEqual(kind("[a.b]\nc.d=1") { $0.depth = 3 }, .tooLarge)
    XCTAssertEqual(kind("[[a]]\n[[a.b]]") { $0.depth = 4 }, .tooLarge)
  }
}
