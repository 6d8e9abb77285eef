import XCTest

@testable import Basics

final class EncodingTests: XCTestCase {
  func testBase64_OfRFC4648Examples() {
    let cases = [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy"),
    ]
    for (text, expected) in cases { XCTAssertEqual(Base64.encode(Array(text.utf8)), expected) }
  }

  func testHexadecimal_BothWays() {
    XCTAssertEqual(Hexadecimal.encode([0, 0x7F, 0xFF]), "007fff")
    XCTAssertEqual(Hexadecimal.decode("007Fff"), [0, 0x7F, 0xFF])
    for bad in ["0", "0g", "+1", "é"] { XCTAssertNil(Hexadecimal.decode(bad), bad) }
  }

  func testBase32_BothWays() {
    for number: UInt64 in [0, 1, 31, 32, 1 << 63, .max] {
      XCTAssertEqual(Base32.decode(Base32.encode(number)[...]), number)
    }
    for bad in ["", "0", "g000000000000", "000000000000i", "0000000000000 "] {
      XCTAssertNil(Base32.decode(bad[...]), bad)
    }
  }

  func testPercentEncoding_OfAPathSegment() {
    XCTAssertEqual(PercentEncoding.segment("a b/ü?.jpg"), "a%20b%2F%C3%BC%3F.jpg")
  }

  func testQuantities() {
    XCTAssertEqual(Quantity.bytes("100MB"), 104_857_600)
    XCTAssertEqual(Quantity.milliseconds("24h"), 86_400_000)
    XCTAssertEqual(Quantity.milliseconds("90"), 90_000)
    XCTAssertEqual(Quantity.amount("50M"), 50_000_000)
    for bad in ["", "MB", "1.5MB", "-1s", "9223372036854775807GB", "1 MB"] { XCTAssertNil(Quantity.bytes(bad), bad) }
    XCTAssertEqual(Quantity.span(60_000), "1m")
    XCTAssertEqual(Quantity.size(1 << 20), "1MB")
  }
}

/// Base64 back to bytes, with the vectors of RFC 4648 section 10.
final class Base64DecodingTests: XCTestCase {
  func testDecode() {
    for text in ["", "f", "fo", "foo", "foob", "fooba", "foobar"] {
      let bytes = Array(text.utf8)
      XCTAssertEqual(Base64.decode(Base64.encode(bytes)), bytes)
    }
    XCTAssertEqual(Base64.decode("+/+/"), [0xFB, 0xFF, 0xBF])
    for odd in ["Zg", "Zg=", "Zg===", "Z===", "====", "Zm9v\n", "Zm 9", "Zm9-", "=Zm9"] {
      XCTAssertNil(Base64.decode(odd), odd)
    }
  }
}
