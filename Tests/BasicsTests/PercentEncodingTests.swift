import TestSupport
import XCTest

@testable import Basics

final class PercentEncodingTests: XCTestCase {
  func testSegment_EncodesAllButUnreserved() {
    XCTAssertEqual(PercentEncoding.segment("a b/ü~.png"), "a%20b%2F%C3%BC~.png")
    XCTAssertEqual(PercentEncoding.decode(PercentEncoding.segment("日本 %\u{1F}").utf8), "日本 %\u{1F}")
  }

  func testDecode_OfManyMarksOnALetter_IsNoText() {
    XCTAssertEqual(
      PercentEncoding.decode(("a" + String(repeating: "%CC%81", count: 30)).utf8)?.unicodeScalars.count, 31)
    XCTAssertNil(PercentEncoding.decode(("a" + String(repeating: "%CC%81", count: 31)).utf8))
  }

  func testPairsAndSegments_AreLinear() throws {
    let pairs = Growth.ratio(of: 2000) { _ = PercentEncoding.pairs(String(repeating: "a%41=b+&", count: $0).utf8) }
    XCTAssertLessThan(pairs, Growth.mostForLinear)
    let segments = Growth.ratio(of: 20_000) { _ = PercentEncoding.segment(String(repeating: "é", count: $0)) }
    XCTAssertLessThan(segments, Growth.mostForLinear)
  }
}
