import Markup
import XCTest

final class HTMLTextTests: XCTestCase {
  func testText_HasTheLinesOfTheBlocks() throws {
    let html = """
      <h1>A</h1><p>b <b>c</b><br>d&nbsp;&lt;</p><ul><li>e<li>f</ul><blockquote>g</blockquote>
      <pre>h
        i</pre><table><tr><td>j<td>k<tr><td>l<td>m</table><script>n</script><img alt=o>
      """
    XCTAssertEqual(
      try Rendering.plain(html),
      "A\n\nb c\nd\u{A0}<\n\n- e\n- f\n\n  g\n\nh\n  i\n\nj\tk\nl\tm\n\no\n")
  }

  func testText_HasFormulas_WithoutTheirNotes() throws {
    XCTAssertEqual(
      try Rendering.plain("<p>Energy <math><mi>E</mi><mo>=</mo><mi>m</mi></math> done"), "Energy E=m done\n")
    let noted = "<p>a <math><semantics><mrow><mi>x</mrow><annotation encoding=TeX>\\x</annotation></semantics></math> b"
    XCTAssertEqual(try Rendering.plain(noted), "a x b\n")
    let twice =
      "<p>So <span class='katex'><span class='katex-mathml'><math><mi>E</mi></math></span><span class='katex-html'>E</span>"
    XCTAssertEqual(try Rendering.plain(twice + "</span> holds"), "So E holds\n")
  }

  func testText_HasTheAddressesOfLinksWhereAskedFor() throws {
    var options = HTMLWriterOptions()
    XCTAssertEqual(try Rendering.plain("<a href=b>a</a>", options), "a\n")
    options.showsAddresses = true
    XCTAssertEqual(try Rendering.plain("<a href=b>a</a> <a href='file:c'>d</a>", options), "a (b) d\n")
  }
}
