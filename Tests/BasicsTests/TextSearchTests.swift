import XCTest

@testable import Basics

final class TextSearchTests: XCTestCase {
  func testFirstRange_IsTheFirstOfAll() throws {
    for (text, part, before) in [
      ("abcabc", "bc", "a"), ("aab", "ab", "a"), ("näh://x", "://", "näh"), ("x", "x", ""), ("aaab", "aab", "a"),
    ] {
      let range = try XCTUnwrap(text.firstRange(of: part), text)
      XCTAssertEqual(String(text[..<range.lowerBound]), before)
      XCTAssertEqual(String(text[range]), part)
    }
    for (text, part) in [("abc", "abcd"), ("", "a"), ("abc", ""), ("aba", "bb")] {
      XCTAssertNil(text.firstRange(of: part), "\(text) \(part)")
    }
    let tail = "a://b://c".dropFirst(2)
    let range = try XCTUnwrap(tail.firstRange(of: "://"))
    XCTAssertEqual(String(tail[range.upperBound...]), "c")
  }

  func testContains_IsByBytes() {
    XCTAssertTrue("a\r\nb".contains("\r\n"))
    XCTAssertTrue("abc".contains(""))
    XCTAssertFalse("abc".contains("cb"))
    XCTAssertTrue("abc".dropFirst().contains("bc"))
    XCTAssertFalse("abc".dropFirst().contains("ab"))
  }

  func testReplacing_GoesFromTheLeftAndOnce() {
    XCTAssertEqual("aaa".replacing("aa", with: "aaa"), "aaaa")
    XCTAssertEqual("a:b:c".replacing(":", with: "%3A"), "a%3Ab%3Ac")
    XCTAssertEqual("abc".replacing("", with: "x"), "abc")
    XCTAssertEqual("abc".replacing("b", with: ""), "ac")
  }

  func testParts_KeepEmptyOnes() {
    XCTAssertEqual("a, b, , c".parts(between: ", "), ["a", "b", "", "c"])
    XCTAssertEqual("".parts(between: ", "), [""])
    XCTAssertEqual("a".parts(between: ", "), ["a"])
  }

  func testBytes_AreFoundLikeTexts() {
    let bytes = Array("head\r\n\r\nbody".utf8)
    XCTAssertEqual(bytes.firstRange(of: Array("\r\n\r\n".utf8)), 4..<8)
    XCTAssertEqual(bytes[6...].firstRange(of: Array("bo".utf8)), 8..<10)
    XCTAssertNil(bytes.firstRange(of: Array("bodys".utf8)))
    XCTAssertTrue(bytes.contains(Array("d\r".utf8)))
  }
}
