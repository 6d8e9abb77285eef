import XCTest

@testable import Conversion

/// What a browser says waits in its order, and a page that says too much is not heard out.
final class DevToolsBoxTests: XCTestCase {
  func testTake_GivesAllInTheirOrder() {
    let box = DevToolsBox()
    var (put, taken) = (0, 0)
    for round in 1...40 {
      for _ in 0..<round {
        box.put(.refusal(put, ""))
        put += 1
      }
      for _ in 0..<(round / 2) {
        guard case .refusal(let number, _) = box.take(longest: .zero) else { return XCTFail("nothing") }
        XCTAssertEqual(number, taken)
        taken += 1
      }
    }
    while case .refusal(let number, _) = box.take(longest: .zero) {
      XCTAssertEqual(number, taken)
      taken += 1
    }
    XCTAssertEqual(taken, put)
    XCTAssertNil(box.take(longest: .zero))
  }

  func testFlood_IsTheEnd() {
    let box = DevToolsBox()
    for number in 0...DevToolsBox.most { box.put(.refusal(number, "")) }
    guard case .end = box.take(longest: .zero) else { return XCTFail("not ended") }
    XCTAssertNil(box.take(longest: .zero))
  }
}
