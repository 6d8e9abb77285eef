import Typesetting
import XCTest

final class TextPagesTests: XCTestCase {
  func testWrite_KeepsLinesAndColumns() throws {
    let made = try Typeset.text("a  b\n\ta tab\r\nlast(\\)")
    try made.check()
    let lines = try made.run("pdftotext", of: "poppler-utils", ["-layout", "FILE", "-"]).split(separator: "\n")
    XCTAssertEqual(lines.count, 4, "with a form feed behind them")
    XCTAssertNotNil(lines[0].wholeMatch(of: /a {2,3}b/), "\(lines)")
    XCTAssertNotNil(lines[1].wholeMatch(of: /\ {7,10}a tab/), "\(lines)")
    XCTAssertEqual(lines[2], "last(\\)")
  }

  func testWrite_BreaksPagesAtFormFeeds() throws {
    XCTAssertEqual(try Typeset.text("a\u{0C}b\n\u{0C}\u{0C}c\u{0C}").pages(), [["a"], ["b"], [], ["c"]])
    XCTAssertEqual(try Typeset.text("").pages(), [[]])
  }

  func testWrite_WrapsLongLines() throws {
    // Eighty characters of 6 points have room in 170 millimetres.
    let words = (0..<500).map { "w\($0)" }
    XCTAssertEqual(try Typeset.text(words.joined(separator: " ")).words(), words)
    let long = String(repeating: "x", count: 30_000)
    let made = try Typeset.text(long)
    XCTAssertEqual(try made.words().joined(), long)
    XCTAssertEqual(try made.words().first?.count, 80)
  }

  func testWrite_InEveryFace_HasTheWords() throws {
    for face in Typeface.allCases {
      var style = PageStyle()
      (style.face, style.size) = (face, 14)
      let made = try Typeset.text("Größe “und” œuvre €5 — fi\n\tb", style)
      try made.check()
      XCTAssertEqual(try made.words(), ["Größe", "“und”", "œuvre", "€5", "—", "fi", "b"])
    }
  }

  func testWrite_OfCodesThatAreMeasured_HasWhatEachFontShows() throws {
    // Every character of WinAnsiEncoding in every font of letters.
    let scalars = (0x21...0xFF).filter { !(0x7F...0xA0).contains($0) && $0 != 0xAD }.compactMap { Unicode.Scalar($0) }
    let all = String(String.UnicodeScalarView(scalars)) + "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
    for face in Typeface.allCases {
      var style = PageStyle()
      style.face = face
      XCTAssertEqual(try Typeset.text(all, style).words().joined(), all)
    }
  }

  func testWrite_WithPageNumbers_CountsAll() throws {
    var style = PageStyle()
    style.numbers = PageNumbers(.right, isTop: false) { "page \($0) of \($1)" }
    let made = try Typeset.text((0..<150).map { "l\($0)" }.joined(separator: "\n"), style)
    try made.check()
    let pages = try made.pages()
    XCTAssertEqual(pages.map { $0.suffix(4) }, (1...pages.count).map { ["page", "\($0)", "of", "\(pages.count)"] })
    XCTAssertGreaterThan(pages.count, 2)
  }

  func testWrite_OfACharacterThatNoFontHas_NamesItAndItsLine() {
    for (text, place) in [("a\nb\r\nж", "U+0436 in line 3"), ("\u{0C}\n語", "U+8A9E in line 2")] {
      XCTAssertThrowsError(try Typeset.text(text)) { XCTAssertEqual(($0 as? MissingCharacter)?.description, place) }
    }
  }

  func testWrite_OfAThousandPages_IsLinear() throws {
    let line = "The quick brown fox jumps over the lazy dog, and some more words come behind it.\n"
    let made = try Typeset.text(String(repeating: line, count: 60_000))
    XCTAssertEqual(try made.run("qpdf", of: "qpdf", ["--show-npages", "FILE"]), "1000\n")
  }

  func testWrite_OnAnyPage_LeavesRoom() throws {
    var style = PageStyle()
    (style.width, style.height, style.margin) = (100, 100, 400)
    let made = try Typeset.text("some words that go on", style)
    try made.check()
    XCTAssertEqual(try made.words().joined(), "somewordsthatgoon")
  }
}
