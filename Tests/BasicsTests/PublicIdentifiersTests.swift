import XCTest

@testable import Basics

final class PublicIdentifiersTests: XCTestCase {
  private let identifiers = PublicIdentifiers(key: [UInt8](repeating: 7, count: 32))

  func testRow_OfText_GivesTheNumberBack() {
    for row: Int64 in [1, 2, 3, 481, 1 << 20, 1 << 40, .max] {
      let text = identifiers.text(.request, row)
      XCTAssertEqual(text.count, 17)
      XCTAssertEqual(identifiers.row(.request, text), row)
    }
  }

  func testText_OfNeighbours_ShareNothingVisible() {
    let texts = (1...1000).map { identifiers.text(.request, $0) }
    XCTAssertEqual(Set(texts).count, 1000)
    XCTAssertGreaterThan(Set(texts.map { $0.dropFirst(4).prefix(3) }).count, 900)
  }

  func testText_UnderAnotherKeyOrKind_IsAnother() {
    let other = PublicIdentifiers(key: [UInt8](repeating: 8, count: 32))
    XCTAssertNotEqual(identifiers.text(.request, 1), other.text(.request, 1))
    XCTAssertNotEqual(identifiers.text(.request, 1).dropFirst(4), identifiers.text(.batch, 1).dropFirst(4))
  }

  func testRow_OfAnythingElse_IsNil() {
    let good = identifiers.text(.request, 5)
    for text in [
      "", "req_", "req_x", good + "0", String(good.dropLast()), good.uppercased(), "bat_" + good.dropFirst(4),
    ] {
      XCTAssertNil(identifiers.row(.request, text), text)
    }
  }
}
