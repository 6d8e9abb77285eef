import Formats
import XCTest

final class AddressPatternTests: XCTestCase {
  private func matches(_ pattern: String, _ address: String) -> Bool {
    AddressPattern(pattern).matches(WebAddress(address))
  }

  func testPattern_WithASlashAtItsBeginning_IsOfPathAndQuery() {
    XCTAssertTrue(matches("/blog/*", "https://example.org/blog/2024/a?b=c#d"))
    XCTAssertTrue(matches("/", "https://example.org"))
    XCTAssertFalse(matches("/blog/*", "https://example.org/de/blog/a"))
    XCTAssertFalse(matches("/blog", "https://example.org/blog/"))
    XCTAssertTrue(matches("/*.pdf", "https://example.org/a/b.pdf"))
    XCTAssertFalse(matches("/*.pdf", "https://example.org/a/b.pdf?c"))
    XCTAssertTrue(matches("/a?b=*", "https://example.org/a?b="))
    XCTAssertFalse(matches("/a?b=*", "https://example.org/axb="))
  }

  func testPattern_OfAnotherBeginning_IsOfTheWholeAddress() {
    XCTAssertTrue(matches("https://example.org/*", "HTTPS://Example.ORG:443"))
    XCTAssertTrue(matches("HTTPS://Example.org/A*", "https://example.org/Ab"))
    XCTAssertFalse(matches("https://example.org/A*", "https://example.org/ab"))
    XCTAssertTrue(matches("*/blog/*", "https://example.org/de/blog/a"))
    XCTAssertTrue(matches("*", "https://example.org"))
    XCTAssertFalse(matches("example.org", "https://example.org/"))
    XCTAssertFalse(matches("", "https://example.org/"))
    XCTAssertFalse(matches("http*://a.example/", "https://b.example/"))
  }

  func testPattern_InAnySpelling_IsTheSame() {
    XCTAssertTrue(matches("/stra\u{DF}e/*", "https://example.org/stra%c3%9fe/x"))
    XCTAssertTrue(matches("/%7Ea", "https://example.org/~a"))
    XCTAssertTrue(matches("/a b", "https://example.org/a%20b"))
  }

  func testStars_MayStandForNothing_AndPiecesShareNoCharacter() {
    XCTAssertTrue(matches("/a**b", "http://x/ab"))
    XCTAssertFalse(matches("/aba*aba", "http://x/ababa"))
    XCTAssertTrue(matches("/aba*aba", "http://x/abaaba"))
    XCTAssertTrue(matches("/*aab*", "http://x/aaab"))
    XCTAssertFalse(matches("/*ab*ab*", "http://x/abcb"))
    XCTAssertTrue(matches("/*abcabd*", "http://x/abcabcabd"))
  }

  func testManyStars_TakeNoLongTime() {
    let pattern = "/" + String(repeating: "*a", count: 1000) + "*b"
    XCTAssertFalse(matches(pattern, "http://x/" + String(repeating: "a", count: 100_000)))
    XCTAssertFalse(
      matches("/*" + String(repeating: "a", count: 1000) + "b*", "http://x/" + String(repeating: "a", count: 200_000)))
  }
}
