import Markup
import XCTest

/// Places where the specification is easily got wrong; its own examples are run by Tests/extra/data.
final class MarkdownSyntaxTests: XCTestCase {
  private func check(
    _ cases: [(String, String)], _ extensions: MarkdownExtensions = .none, line: UInt = #line
  ) throws {
    for (text, html) in cases { XCTAssertEqual(try Rendering.html(text, extensions), html, text, line: line) }
  }

  func testBlocks() throws {
    try check([
      ("\tfoo\tbar\n", "<pre><code>foo\tbar\n</code></pre>\n"),
      (">\t\tfoo\n", "<blockquote>\n<pre><code>  foo\n</code></pre>\n</blockquote>\n"),
      ("- a\n\n      b\n", "<ul>\n<li>\n<p>a</p>\n<pre><code>b\n</code></pre>\n</li>\n</ul>\n"),
      ("> a\nb\n", "<blockquote>\n<p>a\nb</p>\n</blockquote>\n"),
      ("> a\n<b>\n", "<blockquote>\n<p>a\n<b></p>\n</blockquote>\n"),
      ("---\n<b>\n", "<hr />\n<b>\n"),
      ("a\n2. b\n", "<p>a\n2. b</p>\n"),
      ("* a\n*\n\n* c\n", "<ul>\n<li>\n<p>a</p>\n</li>\n<li></li>\n<li>\n<p>c</p>\n</li>\n</ul>\n"),
      ("- ```\n  a\n\n\n  ```\n- b\n", "<ul>\n<li>\n<pre><code>a\n\n\n</code></pre>\n</li>\n<li>b</li>\n</ul>\n"),
      ("a\r\nb\rc\n", "<p>a\nb\nc</p>\n"),
      ("### ###\n", "<h3></h3>\n"),
      ("</script>\n*a*\n", "</script>\n*a*\n"),
    ])
  }

  func testDefinitions_ThatAreAllOfAParagraphLeaveItsUnderlineABreak() throws {
    try check([
      ("[a]: /b\n---\n[a]\n", "<hr />\n<p><a href=\"/b\">a</a></p>\n"),
      ("[a]: /b\n===\n[a]\n", "<p>===\n<a href=\"/b\">a</a></p>\n"),
    ])
    try check([("[a]: /b\n---\n", "<hr />\n")], .gitHub)
  }

  func testInlines() throws {
    try check([
      ("a***b* c*\n", "<p>a*<em><em>b</em> c</em></p>\n"),
      ("*a**b**c*\n", "<p><em>a<strong>b</strong>c</em></p>\n"),
      ("[a [b](c) d](e)\n", "<p>[a <a href=\"c\">b</a> d](e)</p>\n"),
      ("![a [b](c) *d*](e)\n", "<p><img src=\"e\" alt=\"a b d\" /></p>\n"),
      ("[a][ ]\n\n[a]: b\n", "<p><a href=\"b\">a</a>[ ]</p>\n"),
      ("[ẞ]\n\n[SS]: /a\n", "<p><a href=\"/a\">ẞ</a></p>\n"),
      ("`` ` `` \\` `\\`\n", "<p><code>`</code> ` <code>\\</code></p>\n"),
      ("&ngE; &#0; &#xD800; &nosuch; &amp\n", "<p>≧̸ \u{FFFD} \u{FFFD} &amp;nosuch; &amp;amp</p>\n"),
      ("a  \nb \t\nc\n", "<p>a<br />\nb\nc</p>\n"),
      ("*£*a *€*\n", "<p>*£*a <em>€</em></p>\n"),
      ("<a\nb='c'><!-->d--><?e?><!F><![CDATA[g]]>\n", "<p><a\nb='c'><!-->d--&gt;<?e?><!F><![CDATA[g]]></p>\n"),
    ])
  }

  func testStrikethrough() throws {
    try check(
      [
        ("~a~ ~~b~~ ~~~c~~~ ~d~~\n", "<p><del>a</del> <del>b</del> ~~~c~~~ ~d~~</p>\n"),
        ("~~a *b~~ c*\n", "<p><del>a *b</del> c*</p>\n"),
      ], [.strikethrough])
  }

  func testTables() throws {
    let table = "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n"
    try check(
      [
        ("a|b\n-|-\n", table + "</table>\n"),
        ("x\na|b\n-|-\n", "<p>x</p>\n" + table + "</table>\n"),
        (
          "a|b\n-|-\n1\n> c\n",
          table + "<tbody>\n<tr>\n<td>1</td>\n<td></td>\n</tr>\n</tbody>\n</table>\n"
            + "<blockquote>\n<p>c</p>\n</blockquote>\n"
        ),
        ("a|b\n-|-|-\n", "<p>a|b\n-|-|-</p>\n"),
        ("a\n    ---\n", "<p>a\n---</p>\n"),
      ], [.tables])
  }

  func testAutolinks() throws {
    func link(_ address: String, _ text: String) -> String { "<a href=\"\(address)\">\(text)</a>" }
    try check(
      [
        ("(www.a.b/c(d))).\n", "<p>(\(link("http://www.a.b/c(d)", "www.a.b/c(d)")))).</p>\n"),
        ("http://a/b&copy; xhttp://c\n", "<p>\(link("http://a/b", "http://a/b"))© xhttp://c</p>\n"),
        ("http://a_b.c www.a_b.c\n", "<p>http://a_b.c www.a_b.c</p>\n"),
        ("a.b-c_d@e.f. @g.h i@j\n", "<p>\(link("mailto:a.b-c_d@e.f", "a.b-c_d@e.f")). @g.h i@j</p>\n"),
        (
          "mailto:a@b.c xmpp:a@b.c/d.\n",
          "<p>\(link("mailto:a@b.c", "mailto:a@b.c")) \(link("xmpp:a@b.c/d", "xmpp:a@b.c/d")).</p>\n"
        ),
        ("[http://a.b](c)\n", "<p>\(link("c", "http://a.b"))</p>\n"),
        ("[http://a.b c\n", "<p>[\(link("http://a.b", "http://a.b")) c</p>\n"),
      ], [.autolinks])
  }
}
