import DataFormats
import Markup
import XCTest

final class MarkdownParserTests: XCTestCase {
  private func parse(_ text: String, _ extensions: MarkdownExtensions = .gitHub) throws -> MarkdownDocument {
    try MarkdownParser(extensions: extensions).parse(Array(text.utf8))
  }

  private func kinds(_ document: MarkdownDocument, in place: Int = 0) -> [MarkdownBlock.Kind] {
    document.children(of: place).map { document.blocks[$0].kind }
  }

  func testParse_GivesTheBlocksInOrderWithTheirLines() throws {
    let document = try parse("# a\n\nb\nc\n\n> d\n\n```swift x\ne\n```\n***\n")
    XCTAssertEqual(kinds(document), [.heading, .paragraph, .quote, .code, .rule])
    let lines = document.children(of: 0).map { [document.blocks[$0].line, document.blocks[$0].endLine] }
    XCTAssertEqual(lines, [[1, 1], [3, 4], [6, 6], [8, 10], [11, 11]])
  }

  func testParse_KeepsCodeWithItsInfo() throws {
    let document = try parse("~~~ c&#43;&#43; x\n a\n\n\tb\n~~~\n")
    XCTAssertEqual(document.info(of: document.blocks[1]), "c++ x")
    XCTAssertEqual(document.source(of: document.blocks[1]), " a\n\n\tb\n")
  }

  func testParse_TellsListsApartByMarkerNumberAndTightness() throws {
    let document = try parse("- a\n- b\n\n3) c\n\n4) d\n")
    let lists = document.children(of: 0).map { document.blocks[$0] }
    XCTAssertEqual(lists.map(\.isOrdered), [false, true])
    XCTAssertEqual(lists.map(\.isTight), [true, false])
    XCTAssertEqual(lists.map(\.number), [0, 3])
    XCTAssertEqual(lists.map(\.marker), [UInt8(ascii: "-"), UInt8(ascii: ")")])
  }

  func testParse_MarksTasksAndTakesTheirMarks() throws {
    let document = try parse("- [ ] a\n- [X] b\n- [x]c\n")
    let items = document.children(of: 1).map { document.blocks[$0].task }
    XCTAssertEqual(items, [.open, .done, .none])
    XCTAssertEqual(document.blocks.filter(\.hasInlines).map(document.source), ["a", "b", "[x]c"])
  }

  func testParse_GivesTheCellsOfATableTheirAlignment() throws {
    let document = try parse("|a|b|\n|:-|-:|\n|c \\| d|\n")
    let cells = document.blocks.filter { $0.kind == .cell }
    XCTAssertEqual(cells.map(document.source), ["a", "b", "c | d", ""])
    XCTAssertEqual(cells.map(\.alignment), [.left, .right, .left, .right])
    XCTAssertEqual(cells.map(\.isHead), [true, true, false, false])
  }

  func testInlines_AreStylesThatBeginAndEndAroundTexts() throws {
    let document = try parse("a **b *c*** `d` [e](f \"g\") ![h](i)\\\nj\nk")
    let link = MarkdownInline.Style.link(destination: "f", title: "g")
    let image = MarkdownInline.Style.image(source: "i", title: "")
    let expected: [MarkdownInline] = [
      .text("a "), .start(.strong), .text("b "), .start(.emphasis), .text("c"), .end(.emphasis), .end(.strong),
      .text(" "), .code("d"), .text(" "), .start(link), .text("e"), .end(link), .text(" "), .start(image), .text("h"),
      .end(image), .hardBreak, .text("j"), .softBreak, .text("k"),
    ]
    XCTAssertEqual(document.inlines(of: document.blocks[1]), expected)
  }

  func testTitle_IsTheTextOfTheFirstHeading() throws {
    XCTAssertEqual(try parse("a\n\n## *b* `c` &amp; d\n# e").title, "b c & d")
    XCTAssertNil(try parse("a").title)
  }

  func testParse_TakesTextThatIsNotUTF8AndUTF16() throws {
    XCTAssertEqual(try MarkdownParser().parse([0xEF, 0xBB, 0xBF, 0x23, 0x20, 0x61]).title, "a")
    XCTAssertEqual(try MarkdownParser().parse([0xFF, 0xFE, 0x23, 0, 0x20, 0, 0xE9, 0]).title, "é")
    XCTAssertEqual(try MarkdownParser().parse([0x23, 0x20, 0xE9]).title, "\u{FFFD}")
    XCTAssertEqual(try MarkdownParser().parse([0x23, 0x20, 0x00]).title, "\u{FFFD}")
  }

  func testParse_RefusesWhatIsBeyondItsLimits() throws {
    var parser = MarkdownParser()
    parser.limits.bytes = 10
    XCTAssertThrowsError(try parser.parse(Array("12345678901".utf8))) { error in
      XCTAssertEqual((error as? DataFault)?.sentence, "the document has 11 bytes; at most 10 are read")
    }
    parser = MarkdownParser()
    parser.limits.nodes = 5
    XCTAssertThrowsError(try parser.parse(Array("- a\n- b\n- c\n".utf8))) { error in
      XCTAssertEqual((error as? DataFault)?.sentence, "line 2: there are more than 5 blocks")
    }
  }
}
