import XCTest

@testable import Appliance

final class OutputNamesTests: XCTestCase {
  func testPieces_NeverTakeTheNameOfAnothersOutput() {
    let names = OutputNames(["out/a.png", "out/a-1.png"])
    func take(_ label: String) -> String {
      names.take { number in "out/a-\(label)\(number.map { "-\($0)" } ?? "").png" }
    }
    XCTAssertEqual(take("1"), "out/a-1-2.png")
    XCTAssertEqual(take("2"), "out/a-2.png")
    XCTAssertEqual(take("1"), "out/a-1-3.png")
  }
}
