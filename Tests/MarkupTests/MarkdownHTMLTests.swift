import Markup
import XCTest

final class MarkdownHTMLTests: XCTestCase {
  private let safe = MarkdownHTMLOptions()

  func testRawHTML_IsShownAsTextUnlessAskedFor() throws {
    let text = "a <b onclick=\"x\">c\n\n<script>\nd\n</script>\n"
    XCTAssertEqual(
      try Rendering.html(text, .gitHub, safe),
      "<p>a &lt;b onclick=&quot;x&quot;&gt;c</p>\n<pre>&lt;script&gt;\nd\n&lt;/script&gt;\n</pre>\n")
    XCTAssertEqual(
      try Rendering.html(text), "<p>a <b onclick=\"x\">c</p>\n<script>\nd\n</script>\n")
    var dropping = safe
    dropping.rawHTML = .dropped
    XCTAssertEqual(try Rendering.html(text, .gitHub, dropping), "<p>a c</p>\n")
  }

  func testTagFilter_TakesTheTagsAwayThatChangeWhatFollows() throws {
    let html = try Rendering.html("<em> <TITLE> </xmp> <scripts> <script>", [.tagFilter])
    XCTAssertEqual(html, "<p><em> &lt;TITLE> &lt;/xmp> <scripts> &lt;script></p>\n")
  }

  func testDangerousLinks_AreNotKept() throws {
    let addresses = [
      "javascript:alert(1)", "JaVaScRiPt:alert(1)", "vbscript:x", "file:///etc/passwd", "data:text/html,x",
      "&#1;javascript:x", "java&#10;script:x", "&#9;javascript:x", "data:image/svg+xml;base64,x",
    ]
    for address in addresses {
      XCTAssertEqual(try Rendering.html("[a](<\(address)>)", .gitHub, safe), "<p>a</p>\n", address)
      XCTAssertEqual(
        try Rendering.html("![a](<\(address)>)", .gitHub, safe), "<p><img src=\"\" alt=\"a\" /></p>\n", address)
    }
    XCTAssertEqual(try Rendering.html("<javascript:x>", .gitHub, safe), "<p>javascript:x</p>\n")
  }

  func testHarmlessLinks_AreKept() throws {
    for address in [
      "/a", "#b", "mailto:a@b.c", "https://a", "data:image/png;base64,AA", "javascript", "x/javascript:y",
    ] {
      XCTAssertEqual(
        try Rendering.html("[a](\(address))", .gitHub, safe), "<p><a href=\"\(address)\">a</a></p>\n", address)
    }
  }

  func testPage_HasTitleLanguageAndStyle() throws {
    var options = safe
    options.isPage = true
    options.language = "de"
    let page = try Rendering.html("# A & *b*\n", .gitHub, options)
    XCTAssertTrue(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"de\">\n<head>\n<meta charset=\"utf-8\" />\n"))
    XCTAssertTrue(page.contains("<title>A &amp; b</title>\n<style>\n"))
    XCTAssertTrue(page.hasSuffix("<body>\n<h1>A &amp; <em>b</em></h1>\n</body>\n</html>\n"))
    options.title = "</title>"
    XCTAssertTrue(try Rendering.html("a", .gitHub, options).contains("<title>&lt;/title&gt;</title>"))
  }

  func testFootnotes_StandAtTheEndInTheOrderOfTheirReferences() throws {
    let html = try Rendering.html("a[^2] b[^1] c[^2] d[^no]\n\n[^1]: one\n[^2]: two\n\n[^3]: three\n", [.footnotes])
    XCTAssertEqual(
      html,
      """
      <p>a<sup class="footnote-ref"><a href="#fn1" id="fnref1">1</a></sup> \
      b<sup class="footnote-ref"><a href="#fn2" id="fnref2">2</a></sup> \
      c<sup class="footnote-ref"><a href="#fn1" id="fnref1-2">1</a></sup> d[^no]</p>
      <section class="footnotes">
      <ol>
      <li id="fn1">
      <p>two <a href="#fnref1" class="footnote-backref">↩</a> <a href="#fnref1-2" class="footnote-backref">↩</a></p>
      </li>
      <li id="fn2">
      <p>one <a href="#fnref2" class="footnote-backref">↩</a></p>
      </li>
      </ol>
      </section>

      """)
  }
}
