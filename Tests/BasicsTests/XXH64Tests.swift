import Basics
import XCTest

final class XXH64Tests: XCTestCase {
  /// Sums of the reference implementation (xxhsum -H1), at the lengths where its parts begin.
  func testSums_AreThoseOfTheReference() {
    let sums: [(String, UInt64)] = [
      ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
      ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
    ]
    for (text, sum) in sums {
      XCTAssertEqual(Array(text.utf8).withUnsafeBytes { XXH64.sum($0) }, sum, text)
    }
  }
}
