import TestSupport
import XCTest

@testable import Basics

final class SHA256Tests: XCTestCase {
  func testDigest_OfNistExamples() {
    let cases = [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ]
    for (text, expected) in cases {
      XCTAssertEqual(Hexadecimal.encode(SHA256.digest(text.utf8)), expected)
    }
  }

  func testDigest_OfAMillionLetters() {
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    for usesInstructions in [true, false] {
      var hash = SHA256(usesInstructions: usesInstructions)
      for _ in 0..<1000 { hash.update([UInt8](repeating: 0x61, count: 1000)) }
      XCTAssertEqual(Hexadecimal.encode(hash.finish()), expected)
    }
  }

  func testUpdate_AtEverySplit_GivesTheSameDigest() {
    let message = (0..<200).map { UInt8($0) }
    let whole = SHA256.digest(message)
    for split in 0...message.count {
      for usesInstructions in [true, false] {
        var hash = SHA256(usesInstructions: usesInstructions)
        hash.update(Array(message[..<split]))
        hash.update(Array(message[split...]))
        XCTAssertEqual(hash.finish(), whole, "split at \(split)")
      }
    }
  }

  func testDigest_OfNistVectorFiles() throws {
    for name in ["SHA256ShortMsg.rsp", "SHA256LongMsg.rsp"] {
      let cases = try VectorFile.cases(in: Corpora.text("crypto-vectors/SHA2/\(name)"))
      XCTAssertGreaterThan(cases.count, 60)
      for vector in cases {
        let length = Int(vector["Len"] ?? "") ?? 0
        let message = try XCTUnwrap(Hexadecimal.decode(vector["Msg"] ?? "")).prefix(length / 8)
        XCTAssertEqual(Hexadecimal.encode(SHA256.digest(Array(message))), vector["MD"])
      }
    }
  }
}
