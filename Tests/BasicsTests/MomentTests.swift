import Basics
import XCTest

/// Moments as people write them.
final class MomentTests: XCTestCase {
  private let now = Timestamp(milliseconds: 1_773_302_400_000)

  func testRead_TakesDatesTimesZonesAndSpans() {
    for (text, expected) in [
      ("2026-03-12T08:00:00Z", "2026-03-12T08:00:00.000Z"), ("2026-03-12t08:00z", "2026-03-12T08:00:00.000Z"),
      ("2026-03-12 09:30:15.25+01:00", "2026-03-12T08:30:15.250Z"), ("2026-03-12", "2026-03-12T00:00:00.000Z"),
      ("2026-01-01T00:30:00+02:00", "2025-12-31T22:30:00.000Z"), ("2024-02-29", "2024-02-29T00:00:00.000Z"),
      ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"), ("2h", "2026-03-12T06:00:00.000Z"),
      ("30m", "2026-03-12T07:30:00.000Z"), ("2026-03-12T00:00:00-05:30", "2026-03-12T05:30:00.000Z"),
    ] {
      XCTAssertEqual(Moment.read(text, at: now).map { "\($0)" }, expected, text)
    }
  }

  func testRead_RefusesWhatIsNoMoment() {
    for text in [
      "", "yesterday", "2026-02-29", "2026-06-31T00:00:00Z", "2026-13-01", "2026-00-10", "2026-03-12T24:00:00Z",
      "2026-03-12T08:60:00Z", "2026-03-12T08:00:00", "2026-03-12T08:00:00.Z", "2026-03-12T08:00:00+0100",
      "2026-03-12T08:00:00Zx", "12-03-2026", "9223372036854775807d", "٢٠٢٦-03-12", "-5h",
    ] {
      XCTAssertNil(Moment.read(text, at: now), text)
    }
  }
}
