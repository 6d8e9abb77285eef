import DataFormats
import Typesetting
import XCTest

final class TablePagesTests: XCTestCase {
  func testWrite_OfManyRows_RepeatsTheHeadAndKeepsAll() throws {
    let rows = (0..<1500).map { "\($0),name\($0),\"a, b\"" }
    let made = try Typeset.table("id,name,text\n" + rows.joined(separator: "\n"))
    try made.check()
    let pages = try made.pages()
    for page in pages { XCTAssertEqual(page.prefix(3), ["id", "name", "text"]) }
    XCTAssertEqual(pages.flatMap { $0 }.filter { $0.hasPrefix("name") && $0 != "name" }, (0..<1500).map { "name\($0)" })
  }

  func testWrite_WithoutAHead_HasTheRowsAlone() throws {
    XCTAssertEqual(try Typeset.table("a,b\nc,d\n", hasHead: false).words(), ["a", "b", "c", "d"])
  }

  func testWrite_OfAWideTable_LiesAcrossWhereItMay() throws {
    let row = (0..<12).map { "column number \($0)" }.joined(separator: ",")
    var style = PageStyle()
    style.maySwapSides = true
    XCTAssertTrue(try Typeset.table("\(row)\n\(row)\n", style).source.contains("/MediaBox [0 0 841.89 595.28]"))
    XCTAssertTrue(try Typeset.table("a,b\n1,2\n", style).source.contains("/MediaBox [0 0 595.28 841.89]"))
    XCTAssertTrue(try Typeset.table("\(row)\n\(row)\n").source.contains("/MediaBox [0 0 595.28 841.89]"))
  }

  func testWrite_OfACellThatIsHigherThanAPage_GoesOnWithIt() throws {
    let words = (0..<5000).map { "w\($0)" }
    let made = try Typeset.table("a,b\n1,\(words.joined(separator: " "))\n")
    try made.check()
    XCTAssertEqual(try made.words().filter { $0.hasPrefix("w") }, words)
  }

  func testWrite_OfMoreColumnsThanHaveRoom_Refuses() {
    let row = (0..<400).map { "c\($0)" }.joined(separator: ",")
    XCTAssertThrowsError(try Typeset.table("\(row)\n\(row)\n")) {
      XCTAssertEqual(($0 as? DataFault)?.problem, "a table of 400 columns has no room on such a page")
    }
  }

  func testWrite_OfACharacterThatNoFontHas_NamesItAndItsRow() {
    XCTAssertThrowsError(try Typeset.table("a\nb\nж\n")) {
      XCTAssertEqual(($0 as? MissingCharacter)?.description, "U+0436 in row 2")
    }
  }
}
