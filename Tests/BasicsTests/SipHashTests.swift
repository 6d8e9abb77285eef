import Basics
import XCTest

final class SipHashTests: XCTestCase {
  /// The first vectors of the reference implementation whose messages are whole words, under the key 00 01 … 0f.
  func testVectors() {
    let hash = SipHash(0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908)
    XCTAssertEqual(hash.code(), 0x726F_DB47_DD0E_0E31)
    XCTAssertEqual(hash.code(0x0706_0504_0302_0100), 0x93F5_F579_9A93_2462)
    XCTAssertEqual(hash.code(ofWord: 0x0706_0504_0302_0100), 0x93F5_F579_9A93_2462)
    XCTAssertEqual(hash.code(0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908), 0x3F2A_CC7F_57C2_9BDB)
  }
}
