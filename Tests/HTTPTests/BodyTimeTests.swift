import XCTest

@testable import HTTP

final class BodyTimeTests: XCTestCase {
  func testEnd_OfABodyThatBringsLittle_IsTheSetting() {
    let time = BodyTime(ServerLimits(), from: 1_000_000_000)
    XCTAssertEqual(time.end(having: 0), 601_000_000_000)
    XCTAssertLessThan(time.end(having: 1 << 10), 601_100_000_000)
  }

  func testEnd_OfALargeBody_GrowsByASecondForEach64KiB() {
    let time = BodyTime(ServerLimits(), from: 0)
    XCTAssertEqual(Double(time.end(having: 1_500_000_000)) / 1e9, 600 + 22_888, accuracy: 2)
    XCTAssertEqual(Double(time.end(having: 1 << 40)) / 1e9, 600 + 16_777_216, accuracy: 1000)
    XCTAssertEqual(time.end(having: .max), .max)
  }
}
