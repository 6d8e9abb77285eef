import XCTest

final class MarkdownTextTests: XCTestCase {
  func testText_HasNoMarksButThoseOfLists() throws {
    let text =
      "# A *b*\n\nc `d`  \ne\n<b>f\n\n3. g\n4. h\n   - [x] i\n\n> j\n\n```\nk\n\nl\n```\n\n|m|n|\n|-|-|\n|o|p|\n\n<br>\n"
    XCTAssertEqual(
      try Rendering.text(text),
      """
      A b

      c d
      e f

      3. g
      4. h
         - [x] i

        j

      k

      l

      m\tn
      o\tp

      """)
  }

  func testText_HasTheAddressesOfLinksWhereAskedFor() throws {
    XCTAssertEqual(try Rendering.text("[a](b)", showsAddresses: true), "a (b)\n")
    XCTAssertEqual(try Rendering.text("[a](b) ![c](d)"), "a c\n")
  }

  func testText_OfLooseListsHasBlankLines() throws {
    XCTAssertEqual(try Rendering.text("- a\n\n  b\n- c\n"), "- a\n\n  b\n\n- c\n")
  }
}
