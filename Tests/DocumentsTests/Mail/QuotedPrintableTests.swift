import XCTest

@testable import Documents

/// Examples of RFC 2045 section 6.7 and what mail programs get wrong.
final class QuotedPrintableTests: XCTestCase {
  private func decoded(_ text: String) -> String {
    String(decoding: QuotedPrintable.decode(Array(text.utf8)[...]), as: UTF8.self)
  }

  func testDecode_GivesBytesOfCodes_InEitherCase() {
    XCTAssertEqual(decoded("Gr=C3=BC=c3=9fe =3D"), "Grüße =")
  }

  func testDecode_JoinsLinesThatGoOn() {
    XCTAssertEqual(decoded("Now's the time =\r\nfor all folk=  \nto come"), "Now's the time for all folkto come")
  }

  func testDecode_TakesAwayBlanksAtTheEndOfALine_AndKeepsCodedOnes() {
    XCTAssertEqual(decoded("a \t\r\nb=20\r\nc"), "a\r\nb \r\nc")
  }

  func testDecode_LeavesWhatIsNoCode() {
    XCTAssertEqual(decoded("1=2, =ZZ, ="), "1=2, =ZZ, ")
  }
}
