import Markup
import XCTest

/// What small documents may not blow up: depth, and the output by references and tables.
final class MarkdownBoundsTests: XCTestCase {
  private func depth(_ document: MarkdownDocument) -> Int {
    var depths = [0]
    for block in document.blocks.dropFirst() { depths.append(depths[Int(block.parent)] + 1) }
    return depths.max() ?? 0
  }

  func testQuotes_StopAtTheDepthThatIsAllowed() throws {
    let document = try MarkdownParser().parse(Array((String(repeating: "> ", count: 50_000) + "a\n").utf8))
    XCTAssertEqual(depth(document), 200)
    let paragraph = try XCTUnwrap(document.blocks.last)
    XCTAssertTrue(document.source(of: paragraph).hasSuffix("> > a"))
  }

  func testLists_StopAtTheDepthThatIsAllowed() throws {
    let document = try MarkdownParser().parse(Array((String(repeating: "- ", count: 50_000) + "a\n").utf8))
    XCTAssertLessThanOrEqual(depth(document), 200)
    XCTAssertGreaterThan(depth(document), 190)
  }

  func testReferences_StopWhenTheirTargetsWouldFillTheOutput() throws {
    let text = "[a]: /" + String(repeating: "x", count: 50_000) + "\n\n" + String(repeating: "[a] ", count: 10_000)
    let html = try Rendering.html(text)
    XCTAssertLessThan(html.utf8.count, 400_000)
    XCTAssertTrue(html.hasPrefix("<p><a href=\"/xxx"))
  }

  func testTables_StopAddingCellsThatRowsLack() throws {
    let head = String(repeating: "|a", count: 1000) + "|\n" + String(repeating: "|-", count: 1000) + "|\n"
    let document = try MarkdownParser().parse(Array((head + String(repeating: "b\n", count: 1000)).utf8))
    XCTAssertLessThan(document.blocks.count, 550_000)
  }

  func testUnfinishedMarks_AreText() throws {
    for mark in [
      "[a](<b", "[a](b", "*a_ ", "![[]()", "`a``", "a**b c* ", "<!--", "<?", "<![CDATA[", "<!A ", "&a", "[^a",
    ] {
      let text = "x " + String(repeating: mark, count: 5_000)
      XCTAssertFalse(try Rendering.html(text, .gitHub).isEmpty, mark)
    }
  }

  func testBrackets_ThatNestDeeplyAreText() throws {
    let many = 30_000
    let text = String(repeating: "[", count: many) + "a" + String(repeating: "]", count: many) + "\n\n[b]: c"
    XCTAssertEqual(try Rendering.html(text).utf8.count, 2 * many + 9)
  }

  func testLinks_InsideOfEachOtherAreOneLinkAndText() throws {
    let text = String(repeating: "[", count: 20_000) + "a" + String(repeating: "](b)", count: 5_000)
    let html = try Rendering.html(text)
    XCTAssertEqual(html.split(separator: "<a ", omittingEmptySubsequences: false).count, 2)
  }
}
