import DataFormats
import Foundation
import Markup
import Typesetting
import XCTest

final class MarkdownPagesTests: XCTestCase {
  func testWrite_OfEveryBlock_HasTheWordsOfTheText() throws {
    let made = try Typeset.markdown(
      """
      # Grüße – “all”

      One *two* **three** ~~four~~ `five` [six](https://example.org/) seven  
      eight<br>nine &amp; ten

      - eleven
        - twelve
      3. thirteen
      4. fourteen

      > fifteen

      ```
      sixteen   {
      ```

      | seventeen | eighteen |
      |---|---:|
      | nineteen | twenty |

      <p>twenty<b>one</b></p>

      ![twentytwo](https://example.org/a.png)
      """)
    try made.check()
    XCTAssertEqual(
      try made.words(),
      ("Grüße – “all” One two three four five six seven eight nine & ten • eleven – twelve 3. thirteen 4. fourteen "
        + "fifteen sixteen { seventeen eighteen nineteen twenty twentyone twentytwo").split(separator: " ").map(
          String.init))
  }

  func testWrite_TakesHTMLForUTF8_WhateverItDeclares() throws {
    XCTAssertEqual(try Typeset.markdown("<div><meta charset=iso-8859-1>é</div>").words(), ["é"])
  }

  func testWrite_OfALongText_HasAllItsWordsInOrder() throws {
    let words = (0..<6000).map { "word\($0)" }
    let text = stride(from: 0, to: words.count, by: 60).map { words[$0..<$0 + 60].joined(separator: " ") }
    let made = try Typeset.markdown(text.joined(separator: "\n\n"))
    try made.check()
    XCTAssertEqual(try made.words(), words)
  }

  func testWrite_KeepsAHeadingWithWhatFollows() throws {
    // Headings that would fall onto the last line of a page in some of these.
    for lines in 30..<60 {
      let text = (0..<lines).map { "line\($0)  " }.joined(separator: "\n")
      let made = try Typeset.markdown("\(text)\n\n# Heading\n\nfirst second\n")
      let pages = try made.pages()
      let page = try XCTUnwrap(pages.first { $0.contains("Heading") })
      XCTAssertEqual(page.suffix(3), ["Heading", "first", "second"], "\(lines)")
    }
  }

  func testWrite_LeavesNoLineOfAParagraphAlone() throws {
    for lines in 40..<60 {
      let text = (0..<lines).map { "a\($0)" }.joined(separator: "\n\n")
      let last = (0..<4).map { "b\($0)" }.joined(separator: "  \n")
      for page in try Typeset.markdown("\(text)\n\n\(last)\n\nc").pages() {
        XCTAssertNotEqual(page.filter { $0.hasPrefix("b") }.count, 1, "\(lines)")
      }
    }
  }

  func testWrite_RepeatsTheHeadOfATableOnEachPage() throws {
    let rows = (0..<200).map { "| r\($0) | text |" }.joined(separator: "\n")
    let made = try Typeset.markdown("| Number | Second |\n|---|---|\n\(rows)\n")
    try made.check()
    let pages = try made.pages()
    XCTAssertGreaterThan(pages.count, 3)
    for page in pages { XCTAssertEqual(page.prefix(2), ["Number", "Second"]) }
    XCTAssertEqual(pages.flatMap { $0 }.filter { $0.hasPrefix("r") }, (0..<200).map { "r\($0)" })
  }

  func testWrite_LeadsLinksToSafeAddressesAlone() throws {
    let made = try Typeset.markdown(
      """
      [a](https://example.org/ä?b=(1)) [b](javascript:alert(1)) [c](file:///etc/passwd) [d](relative.html)
      [e](mailto:a@example.org) [f](data:text/html,x) [g](#the-end) [h](#nowhere)

      ## The End
      """)
    try made.check()
    XCTAssertTrue(made.source.contains(#"/S /URI /URI (https://example.org/%C3%A4?b=\(1\))"#), made.source)
    XCTAssertTrue(made.source.contains("(mailto:a@example.org)"))
    XCTAssertEqual(made.source.components(separatedBy: "/Subtype /Link").count - 1, 3)
    XCTAssertTrue(made.source.contains("/Dest /h0"))
    for word in ["javascript", "passwd", "relative", "data:text"] { XCTAssertFalse(made.source.contains(word), word) }
  }

  func testWrite_MakesAnOutlineOfHeadings() throws {
    let made = try Typeset.markdown("# A\n\n## B\n\n### C\n\n## D\n\n# Ω\n")
    try made.check()
    let tree = try made.run("qpdf", of: "qpdf", ["--json", "--json-key=outlines", "FILE"])
    let text = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(tree.utf8)) as? [String: Any])
    func titles(_ entries: Any?) -> String {
      (entries as? [[String: Any]] ?? []).map { "\($0["title"] ?? "")(\(titles($0["kids"])))" }.joined()
    }
    XCTAssertEqual(titles(text["outlines"]), "A(B(C())D())Ω()")
    XCTAssertTrue(made.source.contains("/Title <FEFF0041>"))
    XCTAssertTrue(made.source.contains("/DisplayDocTitle true"))
  }

  func testWrite_ShowsPicturesThatAreInTheText() throws {
    let red =
      "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg=="
    let made = try Typeset.markdown("before ![hidden](data:image/png;base64,\(red)) after ![shown](data:image/png,x)")
    try made.check()
    XCTAssertEqual(try made.words(), ["before", "after", "shown"])
    XCTAssertTrue(made.source.contains("/Subtype /Image /Width 2 /Height 2"))
    let damaged = try Typeset.markdown("![shown](data:image/png;base64,\(red.replacing("91", with: "92")))")
    XCTAssertEqual(try damaged.words(), ["shown"])
  }

  func testWrite_OfACharacterThatNoFontHas_NamesItAndItsLine() throws {
    for (text, place) in [
      ("a\n\nb\nc 中", "U+4E2D in line 4"), ("# 😀", "U+1F600 in line 1"), ("x\n\n```\na\nж\n```", "U+0436 in line 5"),
      ("| a | b |\n|---|---|\n| 1 | ü |\n| 1 | ă |", "U+0103 in line 4"), ("    a\n    ж", "U+0436 in line 2"),
      // A mark that has no letter before it.
      ("a\n\n[\t\u{34E}b]", "U+034E in line 3"), ("a `b\t\u{301}`", "U+0301 in line 1"),
    ] {
      XCTAssertThrowsError(try Typeset.markdown(text), text) { error in
        XCTAssertEqual((error as? MissingCharacter)?.description, place, text)
      }
    }
  }

  func testWrite_TakesCharactersThatLookTheSame() throws {
    let made = try Typeset.markdown("cafe\u{301} o\u{FB03}ce non\u{2011}stop a\u{AD}b α ≤ → ✓ x\u{202F}y")
    XCTAssertEqual(
      try made.words().joined(separator: " ").replacing("\u{A0}", with: " "), "café office non-stop ab α ≤ → ✓ x y")
  }

  func testWrite_NumbersFootnotesByTheirReferences() throws {
    let made = try Typeset.markdown("a[^x] b[^y] c[^x]\n\n[^y]: second\n[^x]: first[^z]\n[^z]: third\n")
    XCTAssertEqual(
      try made.words().joined(separator: " "), "a1 b2 c1 1. first3 2. second 3. third")
  }

  func testWrite_OfHostileNesting_EndsSoon() throws {
    let depth = 20_000
    for text in [
      String(repeating: "> ", count: depth) + "a", String(repeating: "- ", count: depth) + "a",
      String(repeating: "[", count: depth), String(repeating: "*a _b ", count: depth),
      (0..<300).map { String(repeating: " ", count: $0 * 2) + "- a" }.joined(separator: "\n"),
      (0..<depth).map { "# h\($0)" }.joined(separator: "\n"), String(repeating: "[^a]", count: depth) + "\n\n[^a]: b",
      "|" + String(repeating: "a|", count: 60) + "\n|" + String(repeating: "-|", count: 60) + "\n",
    ] {
      let made = try Typeset.markdown(text)
      try made.check()
    }
    XCTAssertThrowsError(
      try Typeset.markdown("|" + String(repeating: "a|", count: 600) + "\n|" + String(repeating: "-|", count: 600))
    ) { XCTAssertEqual(($0 as? DataFault)?.sentence, "line 1: a table of 600 columns has no room on the page") }
  }

  func testWrite_IsTheSameEachTime() throws {
    let text = "# A\n\n- b\n\n| c |\n|---|\n| d |\n"
    XCTAssertEqual(try Typeset.markdown(text).bytes, try Typeset.markdown(text).bytes)
  }
}
