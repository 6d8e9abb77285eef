import CSystem
import XCTest

final class FindTests: XCTestCase {
  func testFind_InTextsOfFewLetters_IsTheFirstPlace() {
    var random = SystemRandomNumberGenerator()
    let letters = Array("ab\r".utf8)
    for _ in 0..<5_000 {
      let text = (0..<Int.random(in: 0...300, using: &random)).map { _ in letters.randomElement() ?? 0 }
      let needle = (0..<Int.random(in: 1...7, using: &random)).map { _ in letters.randomElement() ?? 0 }
      let found = csystem_find(text, text.count, needle, needle.count)
      XCTAssertEqual(found == -1 ? nil : found, text.firstRange(of: needle)?.lowerBound, "\(needle) in \(text)")
    }
  }

  func testFind_AtEveryPlaceOfABlock_FindsIt() {
    let needle = Array("\r\n--boundary".utf8)
    for place in 0..<200 {
      let text = [UInt8](repeating: 0x0D, count: place) + needle + [UInt8](repeating: 0x79, count: 200 - place)
      XCTAssertEqual(csystem_find(text, text.count, needle, needle.count), place)
      XCTAssertEqual(csystem_find(text, place + needle.count - 1, needle, needle.count), -1)
    }
  }
}
