import XCTest

@testable import Basics

final class PosixPatternTests: XCTestCase {
  func testWhole_IsFromEndToEnd() {
    XCTAssertTrue(PosixPattern.isMatched("a|bc", by: "bc"))
    for text in ["", "abc", "xbc", "bc\n", "bc\0", "\0bc", "bc\0bc"] {
      XCTAssertFalse(PosixPattern.isMatched("a|bc", by: text), text)
    }
  }

  func testPart_IsFoundBehindANUL() throws {
    let pattern = try XCTUnwrap(PosixPattern("/blog/[0-9]+"))
    XCTAssertTrue(pattern.matches("https://a.example/blog/12"))
    XCTAssertTrue(pattern.matches("a\0/blog/1"))
    XCTAssertFalse(pattern.matches("https://a.example/blog/x"))
  }

  func testNoExpression_IsNil() {
    for text in ["(", "[a", "*(", "a\0b"] { XCTAssertNil(PosixPattern(text), text) }
  }
}
