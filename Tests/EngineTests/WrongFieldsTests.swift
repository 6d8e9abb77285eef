import Basics
import TestSupport
import XCTest

@testable import Engine

final class WrongFieldsTests: XCTestCase {
  func testNaming_OfMany_NamesTwentyAndCountsTheRest() {
    var wrong = WrongFields()
    for number in 0..<7900 { wrong.append("m\(number)", "is not known") }
    let refusal = Refusal.invalidFields.naming(wrong)
    XCTAssertEqual(refusal.fields.map(\.subject), (0..<20).map { .field("m\($0)") })
    XCTAssertEqual(refusal.unnamed, 7880)
    XCTAssertEqual(
      refusal.message, "The request has missing or invalid fields. There are 7880 more than those named here.")
  }

  func testNaming_OfAFew_SaysNothingOfMore() {
    let refusal = Refusal.invalidFields.naming((0..<20).map { Refusal.Field("m\($0)", "is wrong") })
    XCTAssertEqual(refusal.fields.count, 20)
    XCTAssertEqual(refusal.message, Refusal.invalidFields.message)
  }

  func testAppend_OfAnotherRefusal_KeepsItsCount() {
    var wrong = WrongFields([.init("a", "x")])
    wrong.append(contentsOf: Refusal.invalidFields.naming((0..<50).map { Refusal.Field("m\($0)", "is wrong") }))
    XCTAssertEqual(wrong.count, 51)
    XCTAssertEqual(wrong.named.count, 20)
  }

  func testAppend_OfLongTexts_KeepsBothEnds() {
    var wrong = WrongFields()
    let long = String(repeating: "é", count: 40_000)
    wrong.append("n" + long + "N", "\"\(long)\" is nothing; valid: a, b")
    guard case .field(let name) = wrong.named[0].subject else { return XCTFail("\(wrong.named[0])") }
    XCTAssertLessThanOrEqual(name.utf8.count, 110)
    XCTAssertTrue(name.hasPrefix("né") && name.hasSuffix("éN"))
    XCTAssertLessThanOrEqual(wrong.named[0].problem.utf8.count, 1010)
    XCTAssertTrue(wrong.named[0].problem.hasSuffix("é\" is nothing; valid: a, b"))
  }

  func testAppend_WordsOnlyWhatIsNamed() {
    var worded = 0
    func word() -> String {
      worded += 1
      return "x"
    }
    var wrong = WrongFields()
    for _ in 0..<1000 { wrong.append("m", word()) }
    XCTAssertEqual(worded, WrongFields.mostNamed)
  }
}
