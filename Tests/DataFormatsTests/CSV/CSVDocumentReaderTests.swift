import DataFormats
import XCTest

final class CSVDocumentReaderTests: XCTestCase {
  func testReader_TellsRowsAsObjectsOfTexts() {
    XCTAssertEqual(json("a,b\n1,x y\n007,\n"), #"[{"a":"1","b":"x y"},{"a":"007","b":""}]"#)
  }

  func testReader_EndsRowsWithEveryLineEndAndPassesOverEmptyOnes() {
    for end in ["\n", "\r\n", "\r", "\n\n\r\n"] {
      XCTAssertEqual(json(["", "a,b", "1,2", "3,4"].joined(separator: end)), #"[{"a":"1","b":"2"},{"a":"3","b":"4"}]"#)
    }
  }

  func testReader_ReadsQuotedFields() {
    XCTAssertEqual(json("a,\"b \"\"q\"\"\"\n\"1,2\r\n3\",\"\"\n"), #"[{"a":"1,2\r\n3","b \"q\"":""}]"#)
    XCTAssertEqual(json("a,b\nx\"y\", \"z\"\n"), #"[{"a":"x\"y\"","b":" \"z\""}]"#, "as Python reads them")
    XCTAssertEqual(json("a,b\n'1,2','it''s'\n") { $0.quote = 0x27 }, #"[{"a":"1,2","b":"it's"}]"#)
    XCTAssertEqual(json("a,b\n\"1,2\"\n") { $0.quote = nil }, #"[{"a":"\"1","b":"2\""}]"#)
  }

  func testReader_RefusesQuotesThatDoNotFit() {
    let behind = "line 2, column 4: a closing quote must be followed by the delimiter or the line's end"
    XCTAssertEqual(json("a,b\n\"x\"y,2\n"), behind)
    XCTAssertEqual(json("a,b\n1,\"x\n,3\n"), "line 2, column 3: the quoted field that begins here is never closed")
  }

  func testReader_FillsShortRowsAndRefusesLongOnes() {
    XCTAssertEqual(json("a,b,c\n1\n"), #"[{"a":"1","b":null,"c":null}]"#)
    XCTAssertEqual(json("a,b\n\"x\ny\",2\n1,2,3\n"), "line 4: the row has 3 fields, but the header names 2 columns")
    let headless = json("1,2\n1,2,3\n") { $0.header = false }
    XCTAssertEqual(headless, "line 2: the row has 3 fields, but the first row has 2")
  }

  func testReader_NamesColumnsWithoutHeader() {
    XCTAssertEqual(json("x,y\n") { $0.header = false }, #"[{"column1":"x","column2":"y"}]"#)
  }

  func testReader_TakesTheLastOfColumnsOfOneName() {
    XCTAssertEqual(json("a,b,a\n1,2,3\n4,5\n"), #"[{"a":"3","b":"2"},{"a":null,"b":"5"}]"#)
  }

  func testReader_RefusesWhatHasNoRow() {
    XCTAssertEqual(json(""), "the file is empty, and a row was expected")
    XCTAssertEqual(json("\u{FEFF}\r\n"), "the file is empty, and a row was expected")
    XCTAssertEqual(json("a,b\n"), "there is a header and no row behind it")
    XCTAssertEqual(json("a,b\n1,\0\n"), "line 2, column 3: there is a zero byte; this is no text")
  }

  func testReader_TypesFieldsWhereAsked() {
    let text = "a,b,c,d\n1.10,-2e5,true,\n007,1.,FALSE,\"\"\n+1,NaN,yes,\"3\"\n"
    let wanted = [
      #"{"a":1.10,"b":-2e5,"c":true,"d":null}"#, #"{"a":"007","b":"1.","c":false,"d":""}"#,
      #"{"a":"+1","b":"NaN","c":"yes","d":3}"#,
    ]
    XCTAssertEqual(json(text) { $0.typed = true }, "[\(wanted.joined(separator: ","))]")
  }

  func testReader_BoundsRowsAndColumns() {
    var limits = DataLimits()
    limits.token = 1 << 20
    limits.columns = 3
    func made(_ text: String) -> String {
      String(decoding: convertedBytes(Array(text.utf8), .csv, .json, limits: limits), as: UTF8.self)
    }
    XCTAssertEqual(
      made("a\n\"" + String(repeating: "\n", count: 3 << 20)), "line 2, column 1: a row has more than 1 MB")
    XCTAssertEqual(made("a\n" + String(repeating: "x", count: 3 << 20)), "line 2, column 1: a row has more than 1 MB")
    XCTAssertEqual(made("a,b\n1,2\n1,2,3,4\n"), "line 3, column 1: a row has more than 3 fields")
  }

  /// Every part of a row is cut by the end of a piece at every place once.
  func testReader_ReadsRowsThatPiecesCut() {
    let row = "1,\"x\"\"é\ny\",z\r\n"
    for shift in 0...row.utf8.count + 2 {
      let long = String(repeating: "x", count: ByteFeed.piece - shift - 8)
      let made = json("a,b,c\n\(long),,\n\(row)\(row)")
      let wanted = #"{"a":"1","b":"x\"é\ny","c":"z"}"#
      XCTAssertTrue(made.hasSuffix(",\(wanted),\(wanted)]"), "\(shift): \(made.suffix(100))")
    }
  }

  private func json(_ text: String, _ set: (inout DataOptions) -> Void = { _ in }) -> String {
    converted(text, .csv, .json) {
      set(&$0)
      $0.compact = true
    }
  }
}
