import XCTest

@testable import Basics

final class TimestampTests: XCTestCase {
  func testDescription_OfKnownMoments() {
    let cases: [(Int64, String)] = [
      (0, "1970-01-01T00:00:00.000Z"), (951_827_696_789, "2000-02-29T12:34:56.789Z"),
      (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (-1, "1969-12-31T23:59:59.999Z"),
      (2_147_483_648_000, "2038-01-19T03:14:08.000Z"),
    ]
    for (milliseconds, text) in cases {
      XCTAssertEqual("\(Timestamp(milliseconds: milliseconds))", text)
    }
  }

  /// Spans come from clients, remote servers and settings, and none of them may end the server.
  func testSpansBeyondMeasure_AreTheNearestOnes() {
    let (now, end) = (Timestamp(milliseconds: 1_773_302_400_000), Timestamp(milliseconds: .max))
    for span in [Duration.milliseconds(Int64.max), .seconds(Int64.max)] {
      XCTAssertEqual(now + span, end)
      XCTAssertLessThan(now - span, .init(milliseconds: -(1 << 62)))
      XCTAssertGreaterThan(span.nanoseconds, 9_223_372_034_000_000_000)
      XCTAssertLessThan((Duration.zero - span).nanoseconds, -9_223_372_034_000_000_000)
    }
    XCTAssertEqual((end - Timestamp(milliseconds: .min)).milliseconds, 9_223_372_036_854_774_000, accuracy: 1000)
    XCTAssertEqual(Duration.milliseconds(1_500).nanoseconds, 1_500_000_000)
    XCTAssertEqual(Duration.nanoseconds(-1_500_000).milliseconds, -1)
  }

  func testHttpDate_OfTheStandardsExample() {
    XCTAssertEqual(CivilTime(Timestamp(milliseconds: 784_111_777_000)).httpDate, "Sun, 06 Nov 1994 08:49:37 GMT")
  }
}
