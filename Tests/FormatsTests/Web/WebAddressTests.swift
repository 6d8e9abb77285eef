import Formats
import XCTest

final class WebAddressTests: XCTestCase {
  private let base = WebAddress("http://a/b/c/d;p?q")

  private func assertResolved(
    _ table: [(String, String)], against base: WebAddress? = nil, file: StaticString = #filePath, line: UInt = #line
  ) {
    for (reference, expected) in table {
      XCTAssertEqual(
        WebAddress(reference).resolved(against: base ?? self.base).description, expected, reference, file: file,
        line: line)
    }
  }

  func testInit_SplitsEveryPartAndPutsThemTogetherAgain() {
    let address = WebAddress("foo://user@example.com:8042/over/there?name=ferret#nose")
    XCTAssertEqual(address.scheme, "foo")
    XCTAssertEqual(address.authority, "user@example.com:8042")
    XCTAssertEqual(address.host, "example.com")
    XCTAssertEqual(address.port, 8042)
    XCTAssertEqual(address.path, "/over/there")
    XCTAssertEqual(address.query, "name=ferret")
    XCTAssertEqual(address.fragment, "nose")
    XCTAssertEqual(WebAddress("urn:a:b").path, "a:b")
    XCTAssertEqual(WebAddress("1a:b").scheme, nil)
    XCTAssertEqual(WebAddress("https://a").port, 443)
    XCTAssertEqual(WebAddress("https://[::1]:8").host, "[::1]")
    XCTAssertEqual(WebAddress("https://[::1]").port, 443)
    XCTAssertEqual(WebAddress("http://a:99999").port, nil)
    XCTAssertEqual(WebAddress("http://a:99999999999999999999").port, nil)
    let texts = [
      "", "#", "?", "//", "//a", "///a", "a", "a:", "a:b:c", ":", "a#b#c", "a?b?c", "http://a?b", "http://a#?b", "%",
      "//a:b@c:", "./a:b", "\u{E9}://\u{E9}/\u{E9}?\u{E9}#\u{E9}",
    ]
    for text in texts { XCTAssertEqual(WebAddress(text).description, text) }
  }

  /// RFC 3986 section 5.4.1.
  func testResolved_OfTheNormalExamples_IsAsTheStandardSays() {
    assertResolved([
      ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
      ("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
      ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"), ("g?y#s", "http://a/b/c/g?y#s"),
      (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"), ("g;x?y#s", "http://a/b/c/g;x?y#s"),
      ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"),
      ("../", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../", "http://a/"),
      ("../../g", "http://a/g"),
    ])
  }

  /// RFC 3986 section 5.4.2.
  func testResolved_OfTheAbnormalExamples_IsAsTheStandardSays() {
    assertResolved([
      ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"),
      ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"), ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"),
      ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"),
      ("g/../h", "http://a/b/c/h"), ("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y"),
      ("g?y/./x", "http://a/b/c/g?y/./x"), ("g?y/../x", "http://a/b/c/g?y/../x"), ("g#s/./x", "http://a/b/c/g#s/./x"),
      ("g#s/../x", "http://a/b/c/g#s/../x"), ("http:g", "http:g"),
    ])
  }

  func testResolved_AgainstAddressesWithoutAPathOrAHost() {
    assertResolved(
      [("g", "http://a/g"), ("?y", "http://a?y"), ("../g", "http://a/g")], against: WebAddress("http://a"))
    assertResolved([("g", "http://a/g"), ("", "http://a?q")], against: WebAddress("http://a?q"))
    assertResolved([("g", "u:v/g"), ("../../g", "u:/g")], against: WebAddress("u:v/w"))
    assertResolved([("/a//../b", "http://a/a/b"), ("//h/../../x/.", "http://h/x/")])
    assertResolved([("..//g", "u:/.//g")], against: WebAddress("u:/v/w"))
  }

  func testWithoutDots_OfAPathWithoutItsFirstSlash() {
    for (path, expected) in [("./g", "g"), ("../g", "g"), ("a/../b", "/b"), (".", ""), ("..", ""), ("a/.", "a/")] {
      XCTAssertEqual(WebAddress(path).withoutDots.description, expected, path)
    }
  }

  func testWithoutDots_OfAVeryLongPath_TakesTimeLinearInIt() {
    let path = String(repeating: "/a", count: 200_000) + String(repeating: "/..", count: 200_000)
    XCTAssertEqual(WebAddress("http://a" + path).withoutDots.path, "/")
  }

  func testWritten_LosesWhatBrowsersLeaveOut() {
    let table = [
      (" \u{1}http://a/b \n", "http://a/b"), ("ht\ntp://a/\tb", "http://a/b"), ("\\\\a\\b?c\\d", "//a/b?c\\d"),
      ("http:\\\\a\\b", "http://a/b"), ("x:\\a", "x:\\a"), ("http://a\\@b", "http://a/@b"), ("a\\b", "a/b"),
    ]
    for (text, expected) in table { XCTAssertEqual(WebAddress(written: text).description, expected, text) }
  }

  func testEncoded_HasWhatMayStandInAnAddressAlone() {
    let table = [
      ("HTTP://EXAMPLE.com:80/Ä b?ü=\"#é", "http://example.com/%C3%84%20b?%C3%BC=%22#%C3%A9"),
      ("https://Müller.example:443", "https://xn--mller-kva.example"),
      ("https://m%C3%BCller.example", "https://xn--mller-kva.example"),
      ("https://例え。テスト/", "https://xn--r8jz45g.xn--zckzah/"), ("http://a b/", "http://a%20b/"),
      ("http://ü@a:0081/%zz%41", "http://%C3%BC@a:81/%zz%41"), ("//A:80", "//a:80"),
      ("https://bücher-und-käse.example/", "https://xn--bcher-und-kse-lfb36a.example/"),
    ]
    for (text, expected) in table { XCTAssertEqual(WebAddress(text).encoded.description, expected, text) }
  }

  func testIsWeb_OnlyOfHttpWithAHost() {
    for text in ["http://a", "HTTPS://a/b", "http://u@a:1"] { XCTAssertTrue(WebAddress(text).isWeb, text) }
    for text in ["http:a", "http://", "http://:80/", "https:///a", "//a", "a", "ftp://a", "mailto:a@b"] {
      XCTAssertFalse(WebAddress(text).isWeb, text)
    }
  }

  func testPathAndQuery_IsWhatIsAskedFor() {
    XCTAssertEqual(WebAddress("http://a").pathAndQuery, "/")
    XCTAssertEqual(WebAddress("http://a?").pathAndQuery, "/?")
    XCTAssertEqual(WebAddress("http://a/b?c#d").pathAndQuery, "/b?c")
  }
}
