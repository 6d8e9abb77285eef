import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

final class HuffmanCodeTests: XCTestCase {
  /// How much of the code space is used, in units of the longest code.
  private func used(_ code: HuffmanCode, _ longest: Int) -> Int {
    code.lengths.reduce(0) { $0 + ($1 == 0 ? 0 : (1 << longest) >> Int($1)) }
  }

  func testInit_AnyCounts_GivesACompleteCodeWithinTheLimit() {
    var state: UInt32 = 7
    for round in 0..<400 {
      let symbols = 2 + round % 285
      let counts = (0..<symbols).map { index -> UInt32 in
        state = state &* 1_664_525 &+ 1_013_904_223
        // From even to steep, where Huffman's own code would be far too long.
        return round % 3 == 0
          ? state >> 20 + 1 : 1 << min(30, (state >> 24) % UInt32(2 + round % 40)) + UInt32(index & 1)
      }
      let code = HuffmanCode(counts: counts, longest: 12)
      XCTAssertEqual(used(code, 12), 1 << 12, "round \(round)")
      XCTAssertFalse(code.lengths.contains { $0 > 12 || $0 == 0 }, "round \(round)")
    }
  }

  func testInit_Fibonacci_StaysWithinSevenBits() {
    var counts: [UInt32] = [1, 1]
    while counts.count < 19 { counts.append(counts[counts.count - 1] + counts[counts.count - 2]) }
    let code = HuffmanCode(counts: counts, longest: 7)
    XCTAssertEqual(used(code, 7), 1 << 7)
    XCTAssertEqual(code.lengths.max(), 7)
  }

  func testInit_NoSymbolOrOne_TakesNoBitOrOne() {
    XCTAssertEqual(HuffmanCode(counts: [0, 0, 0], longest: 12).lengths, [0, 0, 0])
    XCTAssertEqual(HuffmanCode(counts: [0, 9, 0], longest: 12).lengths, [0, 1, 0])
  }

  func testCodes_OfTheExampleOfTheStandard_AreItsCodesWithTheirBitsReversed() {
    // RFC 1951 section 3.2.2: lengths 3, 3, 3, 3, 3, 2, 4, 4 for A to H.
    let code = HuffmanCode(counts: [9, 9, 9, 9, 9, 30, 4, 4], longest: 12)
    XCTAssertEqual(code.lengths, [3, 3, 3, 3, 3, 2, 4, 4])
    let bits = zip(code.codes, code.lengths).map { value, length in
      String((0..<UInt32(length)).map { value >> $0 & 1 == 1 ? "1" : "0" }.joined())
    }
    XCTAssertEqual(bits, ["010", "011", "100", "101", "110", "00", "1110", "1111"])
  }
}
