import Markup
import XCTest

final class MarkupLimitsTests: XCTestCase {
  func testLimits_AreThoseOfTheDocuments() {
    XCTAssertEqual(MarkupLimits().depth, 200)
  }
}
