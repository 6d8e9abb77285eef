import TestSupport
import XCTest

@testable import Basics

final class HMACTests: XCTestCase {
  func testCode_OfRFC4231Case2() {
    let code = HMAC(key: Array("Jefe".utf8)).code(for: Array("what do ya want for nothing?".utf8))
    XCTAssertEqual(
      Hexadecimal.encode(code), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  func testCode_OfRFC4231LongKey() {
    let key = [UInt8](repeating: 0xAA, count: 131)
    let code = HMAC(key: key).code(for: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8))
    XCTAssertEqual(
      Hexadecimal.encode(code), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }

  func testCode_OfVectorFile() throws {
    let cases = VectorFile.cases(in: try Corpora.text("crypto-vectors/HMAC/rfc-4231-sha256.txt"))
    XCTAssertGreaterThanOrEqual(cases.count, 6)
    for vector in cases {
      let key = try XCTUnwrap(Hexadecimal.decode(vector["Key"] ?? ""))
      let message = try XCTUnwrap(Hexadecimal.decode(vector["Msg"] ?? ""))
      XCTAssertEqual(Hexadecimal.encode(HMAC(key: key).code(for: message)), vector["MD"])
    }
  }

  func testCode_InPieces_IsThatOfTheWhole() {
    let hmac = HMAC(key: [1, 2, 3])
    XCTAssertEqual(hmac.code(for: [1, 2], [], [3, 4, 5]), hmac.code(for: [1, 2, 3, 4, 5]))
  }

  func testIsSameSecret_ComparesLengthAndBytes() {
    XCTAssertTrue(isSameSecret([1, 2], [1, 2]))
    XCTAssertFalse(isSameSecret([1, 2], [1, 3]))
    XCTAssertFalse(isSameSecret([1, 2], [1, 2, 3]))
  }
}
