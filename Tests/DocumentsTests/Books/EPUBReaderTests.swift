import Basics
import XCTest

@testable import Documents

final class EPUBReaderTests: XCTestCase {
  private func book(_ chapter: String) -> KeyValuePairs<String, String> {
    [
      "META-INF/container.xml": #"<c><rootfiles><rootfile full-path="b/x.opf"/></rootfiles></c>"#,
      "b/x.opf": """
      <package><metadata><dc:title xmlns:dc="d">Book</dc:title><dc:creator xmlns:dc="d">Ada</dc:creator></metadata>\
      <manifest><item id="two" href="t%20wo.xhtml" media-type="application/xhtml+xml"/><item id="one" href="one.xhtml" \
      media-type="application/xhtml+xml"/><item href="p.png" media-type="image/png"/></manifest>\
      <spine><itemref idref="one"/><itemref idref="two"/></spine></package>
      """,
      "b/t wo.xhtml": "<html><body><p>end&nbsp;</p></body></html>", "b/one.xhtml": chapter, "b/p.png": "",
    ]
  }

  func testReader_ReadsChaptersInOrderWithoutWhatRuns() throws {
    let chapter = """
      <html><head><title/><script src="x"/></head><body onload="y"><h1 class="z">A</h1><script>alert(1)</script>\
      <p><a href="javascript:x">b</a> <a href="https://c.example">c</a><img src="p.png" alt="d" onerror="e"/></p></body></html>
      """
    XCTAssertEqual(
      try SampleDocument.blocks(.epub, book(chapter)),
      "<h1>A</h1><p>b <a href=\"https://c.example\">c</a>d</p><p>end\u{A0}</p>")
  }

  func testReader_ReadsChaptersThatAreNotWellFormedAsHTML() throws {
    XCTAssertEqual(
      try SampleDocument.blocks(.epub, book("<html><body><p>a<br>b<p>c</body>")),
      "<p>a<br />b</p><p>c</p><p>end\u{A0}</p>")
  }

  func testReader_TakesPagesForUTF8_WhateverTheyDeclare() throws {
    XCTAssertEqual(
      try SampleDocument.blocks(.epub, book("<html><meta charset=iso-8859-1><body><p>é<p>c</body>")),
      "<p>é</p><p>c</p><p>end\u{A0}</p>")
  }

  func testFacts_TellTitleAuthorAndMedia() throws {
    let json = try OfficeFacts(.epub, SampleDocument.parts(book("<html/>"))).json()
    XCTAssertEqual(json["title"]?.string, "Book")
    XCTAssertEqual(json["author"]?.string, "Ada")
    XCTAssertEqual(json["media"]?.array, [.string("b/p.png")])
  }
}
