import XCTest

@testable import Markup

final class HTMLTokenizerTests: XCTestCase {
  private func tokens(_ text: String, _ model: HTMLContentModel = .data, last: String = "") -> [HTMLToken] {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { buffer in
      var tokenizer = HTMLTokenizer(ByteView(buffer), model: model, lastStart: last)
      var tokens: [HTMLToken] = []
      while let token = tokenizer.next() { tokens.append(token) }
      return tokens
    }
  }

  private func text(_ text: String) -> HTMLToken { .text(Array(text.utf8)) }
  private func comment(_ text: String) -> HTMLToken { .comment(Array(text.utf8)) }

  func testTags_HaveTheirAttributesOnce() {
    let attributes = [("a", "1&2"), ("b", "c"), ("d", ""), ("e", "<")].map {
      HTMLTag.Attribute(name: $0.0, value: $0.1)
    }
    XCTAssertEqual(
      tokens("<X A='1&amp;2' b=c d e=\"<\" A=z />y</x>"),
      [.start(HTMLTag(name: "x", attributes: attributes, isSelfClosing: true)), text("y"), .end("x")])
  }

  func testReferences_InTextAndAttributesDiffer() {
    XCTAssertEqual(tokens("&notit; &#x80; &#0;&amp"), [text("¬it; € \u{FFFD}&")])
    let attribute = HTMLTag.Attribute(name: "b", value: "&notit ¬")
    XCTAssertEqual(tokens("<a b='&notit &not'>"), [.start(HTMLTag(name: "a", attributes: [attribute]))])
  }

  func testComments_EndInAllTheirWays() {
    let cases = [
      ("<!-->a", ""), ("<!--->a", ""), ("<!--b-->a", "b"), ("<!--b--!>a", "b"), ("<!--b--c-->a", "b--c"),
      ("<!b>a", "b"), ("<?b>a", "?b"), ("</ b>a", " b"),
    ]
    for (html, data) in cases { XCTAssertEqual(tokens(html), [comment(data), text("a")], html) }
    for end in ["", "-", "--", "--!"] { XCTAssertEqual(tokens("<!--b" + end), [comment("b")], end) }
  }

  func testScript_EndsOutsideOfWhatLooksLikeAComment() {
    let script = "a<b<!--<script></script>--></script>c"
    XCTAssertEqual(
      tokens(script, .script, last: "script"), [text("a<b<!--<script></script>-->"), .end("script"), text("c")])
  }

  func testUnfinishedTags_AreLeftOut() {
    XCTAssertEqual(tokens("a<b c"), [text("a")])
    XCTAssertEqual(tokens("a<b c='d>"), [text("a")])
    XCTAssertEqual(tokens("a< b</>c</"), [text("a< bc</")])
  }

  func testDoctype_KeepsItsIdentifiers() {
    XCTAssertEqual(
      tokens("<!DOCTYPE HTML PUBLIC 'a' \"b\">"),
      [.doctype(HTMLDoctype(name: "html", publicIdentifier: "a", systemIdentifier: "b"))])
    XCTAssertEqual(tokens("<!doctype>"), [.doctype(HTMLDoctype(forcesQuirks: true))])
  }
}
