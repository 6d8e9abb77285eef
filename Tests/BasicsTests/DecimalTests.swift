import XCTest

@testable import Basics

/// Exact decimal numbers: read strictly, multiplied and divided without a binary fraction, rounded once.
final class DecimalTests: XCTestCase {
  func testDigitsWithAPointAndASign_AreANumber_AndKeepTheirText() {
    for text in ["0", "1", "007", "12.50", "-3.4", "0.000001", String(repeating: "9", count: 60)] {
      XCTAssertEqual(Decimal(text)?.text, text)
    }
  }

  func testAnythingElse_IsNone() {
    for text in [
      "", " ", "1 ", " 1", "+1", "1.", ".5", "-", "-.5", "1e3", "1E3", "1,5", "1.2.3", "0x10", "NaN", "Infinity", "١٢",
      "1_000",
      "--1", "12\n", String(repeating: "9", count: 61),
    ] {
      XCTAssertNil(Decimal(text), text)
    }
  }

  func testProducts_AreThoseOfPythonsFractions() throws {
    var count = 0
    for line in DecimalVectors.text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      let factors = try words[1..<(words.count - 3)].map { word in
        let number = try XCTUnwrap(Decimal(word.dropFirst()), word)
        return word.hasPrefix("*") ? Decimal.Factor.times(number) : .dividedBy(number)
      }
      let digits = try XCTUnwrap(Int(words[words.count - 3].dropFirst()))
      let amount = try XCTUnwrap(Decimal(words[0]))
      XCTAssertEqual(amount.product(factors, digits: digits), words[words.count - 1], String(line))
      count += 1
    }
    XCTAssertEqual(count, 180)
  }

  func testHalf_IsRoundedAwayFromZero_AndZeroHasNoSign() {
    XCTAssertEqual(Decimal("0.5")?.product([], digits: 0), "1")
    XCTAssertEqual(Decimal("-0.5")?.product([], digits: 0), "-1")
    XCTAssertEqual(Decimal("-0.4")?.product([], digits: 0), "0")
    XCTAssertEqual(Decimal("1.005")?.product([], digits: 2), "1.01")
  }

  func testDivisionByZero_HasNoResult() throws {
    XCTAssertNil(Decimal("1")?.product([.dividedBy(try XCTUnwrap(Decimal("0.00")))], digits: 2))
  }
}
