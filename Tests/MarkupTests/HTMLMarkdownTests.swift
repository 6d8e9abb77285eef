import Markup
import XCTest

final class HTMLMarkdownTests: XCTestCase {
  private func check(_ cases: [(String, String)], line: UInt = #line) throws {
    for (html, markdown) in cases { XCTAssertEqual(try Rendering.markdown(html), markdown + "\n", html, line: line) }
  }

  func testBlocks() throws {
    try check([
      ("<h2>a  <b>b</b></h2><p>c\n d", "## a **b**\n\nc d"),
      ("<p>a<hr>b", "a\n\n___\n\nb"),
      ("<blockquote><p>a<p>b</blockquote>", "> a\n>\n> b"),
      ("<pre><code class='x language-c++'>a\n\n  b\n</code></pre>", "```c++\na\n\n  b\n```"),
      ("<pre>```</pre>", "````\n```\n````"),
      ("a<br>b<br><br>c", "a  \nb\n\nc"),
      ("<title>t</title><style>s</style><script>u</script>a<p style='display: none'>v<p hidden>w", "a"),
    ])
  }

  func testLists() throws {
    try check([
      ("<ul><li>a<li>b<ol start=3><li>c</ol></ul>", "- a\n- b\n\n  3. c"),
      ("<ol><li>a<ul><li>b</ul><li>c</ol>", "1. a\n   - b\n2. c"),
      ("<ul><li><p>a<p>b<li>c</ul>", "- a\n\n  b\n\n- c"),
      ("<ul><li>a</ul><ul><li>b</ul>", "- a\n\n* b"),
      ("<ul><li><input type=checkbox checked> a<li><input type=checkbox>b", "- [x] a\n- [ ] b"),
    ])
  }

  func testTables() throws {
    try check([
      ("<table><tr><th>a<th align=right>b<tr><td>c|d<td>e<br>f</table>", "| a | b |\n| --- | --: |\n| c\\|d | e f |"),
      ("<table><tr><td>a<td>b<tr><td colspan=2><code>x|y</code></table>", "| a | b |\n| --- | --- |\n| `x\\|y` | |"),
      ("<table><tr><td><p>a<p>b</table>", "a\n\nb"),
      ("<table><tr><td><h1>a</h1><td>b</table>", "# a\n\nb"),
    ])
  }

  func testInlines() throws {
    try check([
      ("<b> a </b>b <i>c</i><i>d</i> <del>e</del> <b><strong>f</strong></b>", "**a** b *cd* ~~e~~ **f**"),
      ("<a href='/x y(z)' title='a\"b'>c</a>", "[c](/x%20y%28z%29 \"a\\\"b\")"),
      ("<a href='javascript:x'>a</a> <a>b</a> <a href=c></a>", "a b"),
      ("<a href=' java\nscript:x'>a</a>", "a"),
      ("<img src=a alt='b *c*'>!<a href=d>e</a>", "![b \\*c\\*](a)\\![e](d)"),
      ("<code>a`b</code> <code>`</code> <code> c </code>", "``a`b`` `` ` `` `c`"),
      ("<b>a:</b>b", "a:b"),
      ("<a href=u><p>a</p><p>b</p></a>", "[a](u)\n\n[b](u)"),
    ])
  }

  func testText_ThatMarkdownWouldMisreadIsEscaped() throws {
    try check([
      (
        "1*2*3 _a_ b_c [x](y) `z` &lt;b> &amp;amp; ~~s~~ \\",
        "1\\*2\\*3 \\_a\\_ b_c \\[x\\](y) \\`z\\` \\<b> \\&amp; \\~\\~s\\~\\~ \\\\"
      ),
      ("# a<br>- b<br>1. c<br>> d<br>===<br>+ e", "\\# a  \n\\- b  \n1\\. c  \n\\> d  \n\\===  \n\\+ e"),
      ("a<br>|-|", "a  \n\\|-|"),
      ("<h1>a #</h1><h2>#</h2>", "# a \\#\n\n## \\#"),
      ("[^1] [x]: y", "\\[^1\\] \\[x\\]: y"),
    ])
  }

  func testNavigation_IsLeftOutWhereAskedFor() throws {
    var options = HTMLWriterOptions()
    options.leavesOutNavigation = true
    let html = "<nav>a</nav><div role=navigation>b</div><p>c</p><footer>d</footer>"
    XCTAssertEqual(try Rendering.markdown(html, options), "c\n")
    XCTAssertEqual(try Rendering.markdown(html), "a\n\nb\n\nc\n\nd\n")
  }

  /// Found by trying at random whether HTML, Markdown and HTML have the same text.
  func testText_IsTheSameAfterMarkdown() throws {
    let documents = [
      "<ul>li><ul><li><ul><li><ul><li></ul></ul></ul><pre>a</pre>", "<ol>[<ul>a<ul>b<pre>c", "<h2>#", "<i>a<ul>b<li>1.",
      "<ul><li>foo<li></li>x<li></li><li>bar</ul>", "<ul>>\n<li><p>foo<pre>bar</pre></ul>",
      "<ul><li>a<ul><li></ul></ul>",
      "<p>http://a.b<b>c</b>", "<p>a*<b>*b*</b>_c_<i>_</i>", "<table><tr><td>a<td>`|`\\", "<b>a<i>b</b>c</i>",
      "\0a<b>\0b",
      "<p>a<p>[a]: b<p>    c", "<p>&lt;!--a<p>&amp;copy;", "<ul><li>a<hr><li>- - -</ul>", "<p>a<br>---<br>b|c<br>-|-",
    ]
    for html in documents {
      let markdown = try Rendering.markdown(html)
      let again = try Rendering.plain(Rendering.html(markdown, .gitHub))
      XCTAssertEqual(again.filter { !$0.isWhitespace }, try Rendering.plain(html).filter { !$0.isWhitespace }, markdown)
    }
  }

  func testNesting_AddsLittleToTheOutput() throws {
    let html = String(repeating: "<ul><li>a", count: 2_000)
    XCTAssertLessThan(try Rendering.markdown(html).utf8.count, 1_000_000)
    let wide = "<table><tr>" + String(repeating: "<td colspan=1000>x", count: 2_000)
    XCTAssertLessThan(try Rendering.markdown(wide).utf8.count, 200_000)
  }
}
