import XCTest

@testable import HTTP

final class TransferDecoderTests: XCTestCase {
  func testDecode_AtEverySplitPoint_GivesTheBytes() throws {
    let texts: [(String, String, String)] = [
      ("base64", "aGVs\r\nbG8g d29y\tbGQh", "hello world!"), ("base64", "aGk=\r\n", "hi"), ("base64", "aA==", "h"),
      ("quoted-printable", "a=3Db=\r\nc =C3=A9", "a=bc \u{e9}"), ("quoted-printable", "=41=42=43", "ABC"),
    ]
    for (name, text, expected) in texts {
      for split in 0...text.utf8.count {
        XCTAssertEqual(try decode(name, text, split), Array(expected.utf8), "\(text) at \(split)")
      }
    }
  }

  func testDecode_OfBadText_ThrowsAtEverySplitPoint() {
    let texts = [
      ("base64", "aGk"), ("base64", "a=Gk"), ("base64", "aGk=aGk="), ("base64", "aG!k"), ("base64", "===="),
      ("quoted-printable", "a=4"), ("quoted-printable", "a="), ("quoted-printable", "=zz"),
      ("quoted-printable", "=\ra"),
      ("quoted-printable", "=="),
    ]
    for (name, text) in texts {
      for split in 0...text.utf8.count { XCTAssertThrowsError(try decode(name, text, split), "\(text) at \(split)") }
    }
  }

  private func decode(_ name: String, _ text: String, _ split: Int) throws -> [UInt8] {
    var decoder = try XCTUnwrap(TransferDecoder.named(name))
    let bytes = Array(text.utf8)
    var decoded: [UInt8] = []
    for piece in [bytes[..<split], bytes[split...]] {
      decoded += try Array(piece).withUnsafeBytes { try decoder.decode($0) }
    }
    try decoder.finish()
    return decoded
  }
}
