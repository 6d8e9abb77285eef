import DataFormats
import Markup
import XCTest

final class HTMLParserTests: XCTestCase {
  /// The elements as names with what they hold in parentheses, texts as they are.
  private func form(_ html: String) throws -> String {
    let document = try HTMLParser().parse(Array(html.utf8))
    func form(_ place: Int) -> String {
      let node = document.nodes[place]
      if node.isText, place > 0 { return String(decoding: document.text[node.text], as: UTF8.self) }
      let inside = document.children(of: place).map(form).joined(separator: " ")
      return place == 0 ? inside : "\(node.name)(\(inside))"
    }
    return form(0)
  }

  func testTree_ClosesWhatHasNoEndTag() throws {
    XCTAssertEqual(try form("<p>a<p>b<div>c"), "p(a) p(b) div(c)")
    XCTAssertEqual(try form("<ul><li>a<ul><li>b</ul><li>c</ul>"), "ul(li(a ul(li(b))) li(c))")
    XCTAssertEqual(try form("<dl><dt>a<dd>b<dt>c"), "dl(dt(a) dd(b) dt(c))")
    XCTAssertEqual(try form("<table><tr><td>a<th>b<tr><td>c"), "table(tr(td(a) th(b)) tr(td(c)))")
    XCTAssertEqual(try form("<select><option>a<option>b"), "select(option(a) option(b))")
  }

  func testTree_KeepsTextThatATableCannotHoldBeforeIt() throws {
    XCTAssertEqual(try form("<table>a<tr><td>b</table>c"), "a table(tr(td(b))) c")
  }

  func testTree_LeavesEndTagsOutThatNothingBegan() throws {
    XCTAssertEqual(try form("a</b></div>b</p>c</br>"), "a b p() c br()")
    XCTAssertEqual(try form("<b>a<p>b</b>c"), "b(a p(b c))")
  }

  func testTree_ReadsNoTagsInRawText() throws {
    XCTAssertEqual(try form("<script><b></script><textarea>\n<i>&lt;</textarea>"), "script(<b>) textarea(<i><)")
    XCTAssertEqual(try form("<svg><title>a</title><b>c"), "svg(title(a)) b(c)")
    XCTAssertEqual(try form("<svg><![CDATA[<b>]]></svg>"), "svg(<b>)")
    // What is left open in them takes nothing with it that comes behind (html5lib, tests10).
    XCTAssertEqual(try form("<div><svg></div>a"), "div(svg()) a")
    XCTAssertEqual(try form("<div><svg><path><foo></div>a"), "div(svg(path(foo()))) a")
    XCTAssertEqual(try form("<ul><li><svg><g></li><li>a</ul>b"), "ul(li(svg(g())) li(a)) b")
    XCTAssertEqual(try form("<svg></p>a"), "svg() p() a")
    XCTAssertEqual(try form("<svg></br>a"), "svg() br() a")
    XCTAssertEqual(try form("<div><svg><foreignObject></div>a"), "div(svg(foreignobject(a)))")
    XCTAssertEqual(
      try form("<table><tr><td><svg><td><foreignObject><b></td>Foo"),
      "Foo table(tr(td(svg(td(foreignobject(b()))))))")
    XCTAssertEqual(try form("<a><svg><a>b</a></svg>c</a>d"), "a(svg(a(b)) c) d")
  }

  func testTree_EndsWhatIsNotShown_WhateverIsOpenInIt() throws {
    let hidden = [
      "<select><option>a<option>b</select>", "<select><option>a</option><option>b</select><p>",
      "<template><table><tr><td>x</template>", "<template><div><p>x</template>", "<video><my-x>a</video>",
      "<select><div><table><td>x</select>", "<select><option>a<select><p>", "<canvas><option>a</canvas>",
      "<select><option>a<textarea>b</textarea>",
    ]
    for html in hidden { XCTAssertEqual(try Rendering.plain(html + "after"), "after\n", html) }
    XCTAssertEqual(
      try Rendering.plain("<p>pick <select><optgroup label=x><option>a</select> after <b>it</b></p>"),
      "pick after it\n")
  }

  func testTree_EndsInlineElements_ThroughWhatIsNotSpecial() throws {
    XCTAssertEqual(try form("<span><my-x>a</span>b"), "span(my-x(a)) b")
    XCTAssertEqual(try form("<b><my-x>a</b>b"), "b(my-x(a)) b")
    XCTAssertEqual(try form("<ruby><rb>a</ruby>b"), "ruby(rb(a)) b")
    XCTAssertEqual(try form("<button><p>a</button>b"), "button(p(a)) b")
    XCTAssertEqual(try form("<video><p>a</video>b"), "video(p(a b))")
  }

  func testTree_ReadsTagsInWhatIsOnlyRawInHTML() throws {
    for name in ["title", "style", "script", "textarea", "xmp"] {
      XCTAssertEqual(try form("<svg><\(name)></svg>v1"), "svg(\(name)()) v1", name)
    }
    XCTAssertEqual(try form("<math><style></math>a"), "math(style()) a")
    XCTAssertEqual(try form("<svg><foreignObject><style><b></style></svg>a"), "svg(foreignobject(style(<b>))) a")
    XCTAssertEqual(try form("<math><mi><style><b></style></math>a"), "math(mi(style(<b>))) a")
    let noted = "<math><annotation-xml encoding=text/html><style><b></style></math>a"
    XCTAssertEqual(try form(noted), "math(annotation-xml(style(<b>))) a")
    XCTAssertEqual(try form("<svg><svg><b>a"), "svg(svg()) b(a)")
    XCTAssertEqual(try form("<svg/>a<script><b></script>c<math/>d"), "svg() a script(<b>) c math() d")
  }

  func testTree_StopsInForeignElementsAtTheDepthThatIsAllowed() throws {
    let document = try HTMLParser().parse(Array(("<svg>" + String(repeating: "<style>", count: 10_000)).utf8))
    var depths = [0]
    for node in document.nodes.dropFirst() { depths.append(depths[Int(node.parent)] + 1) }
    XCTAssertEqual(depths.max(), 201)
  }

  func testTree_StopsAtTheDepthThatIsAllowed() throws {
    let many = String(repeating: "<div>", count: 10_000) + "a" + String(repeating: "</div>", count: 10_000) + "b"
    let document = try HTMLParser().parse(Array(many.utf8))
    var depths = [0]
    for node in document.nodes.dropFirst() { depths.append(depths[Int(node.parent)] + 1) }
    XCTAssertEqual(depths.max(), 201)
  }

  func testParse_RefusesMoreElementsThanAreAllowed() {
    var parser = HTMLParser()
    parser.limits.nodes = 3
    XCTAssertThrowsError(try parser.parse(Array("<p><p><p><p>".utf8))) { error in
      XCTAssertEqual((error as? DataFault)?.problem, "there are more than 3 elements and texts")
    }
  }

  func testEncoding_IsSaidByMarkMetaOrTheText() throws {
    let meta = Array("<meta charset=\"ISO-8859-1\">".utf8)
    let old = Array("<meta http-equiv=Content-Type content='text/html; charset=windows-1252'>".utf8)
    XCTAssertEqual(try Rendering.plain(bytes: [0xEF, 0xBB, 0xBF, 0xC3, 0xA9]), "é\n")
    XCTAssertEqual(try Rendering.plain(bytes: [0xFE, 0xFF, 0x00, 0xE9]), "é\n")
    XCTAssertEqual(try Rendering.plain(bytes: meta + [0xE9, 0x80]), "é€\n")
    XCTAssertEqual(try Rendering.plain(bytes: old + [0xE9]), "é\n")
    XCTAssertEqual(try Rendering.plain(bytes: [0xE9]), "é\n")
    XCTAssertEqual(try Rendering.plain(bytes: Array("<meta charset=utf-8>é".utf8)), "é\n")
  }

  func testEncoding_OfOneByte_IsReadByItsNames() throws {
    let rows: [(String, [UInt8], String)] = [
      ("windows-1251", [0xCF, 0xF0, 0xE8], "При"), ("KOI8-R", [0xF0, 0xD2, 0xC9], "При"),
      ("iso-8859-2", [0xB1, 0xEA], "ąę"), ("latin2", [0xB1], "ą"), ("iso-8859-15", [0xA4], "€"),
      ("iso-8859-9", [0xFD, 0x80], "ı€"), ("l1", [0xE9], "é"),
    ]
    for (name, bytes, text) in rows {
      XCTAssertEqual(try Rendering.plain(bytes: Array("<meta charset=\(name)>".utf8) + bytes), text + "\n", name)
    }
  }

  /// Browsers know no encoding by these, and a page that was saved anew may keep the name of the one that it had.
  func testEncoding_OfANameThatSaysNothing_IsThatOfTheText() throws {
    for name in ["latin-1", "x-user-defined", "'text/html; charset=iso-8859-1'", "utf8mb4"] {
      XCTAssertEqual(try Rendering.plain(bytes: Array("<meta charset=\(name)>".utf8) + [0xE9]), "é\n", name)
    }
    for name in ["windows-1251", "koi8-r", "iso-8859-15"] {
      XCTAssertEqual(try Rendering.plain(bytes: Array("<meta charset=\(name)>Привет".utf8)), "Привет\n", name)
    }
  }

  func testEncoding_ThatIsNotKnown_IsRefusedByName_UnlessTheTextIsUTF8() throws {
    let meta = Array("<meta charset=shift_jis>".utf8)
    XCTAssertEqual(try Rendering.plain(bytes: meta + Array("é".utf8)), "é\n")
    XCTAssertThrowsError(try Rendering.plain(bytes: meta + [0x83, 0x41])) { error in
      XCTAssertEqual((error as? DataFault)?.kind, .unsupported)
      XCTAssertEqual((error as? DataFault)?.problem, "the encoding shift_jis is not read here; use UTF-8")
    }
    var parser = HTMLParser()
    parser.allowsUnknownEncodings = true
    XCTAssertEqual(try parser.parse(meta + [0xE9]).nodes.count, 3)
  }

  func testTitle_IsThatOfTheDocument() throws {
    XCTAssertEqual(try HTMLParser().parse(Array("<head><title> a\n &amp; b</title>".utf8)).title, "a & b")
  }
}
