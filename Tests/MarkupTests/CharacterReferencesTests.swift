import XCTest

@testable import Markup

final class CharacterReferencesTests: XCTestCase {
  private func value(_ name: String, open: Bool = false) -> String? {
    let bytes = Array(name.utf8)
    return bytes.withUnsafeBufferPointer { buffer in
      CharacterReferences.all.value(of: 0..<bytes.count, in: ByteView(buffer), open: open).map {
        String(decoding: $0, as: UTF8.self)
      }
    }
  }

  func testNames_AreThoseOfTheStandard() {
    let list = String(describing: CharacterReferences.names).split(whereSeparator: \.isWhitespace)
    XCTAssertEqual(list.count, 2125)
    XCTAssertEqual(list.count { $0.contains("!") }, 106)
    for entry in list {
      let name = String(entry.prefix { $0 != ":" && $0 != "!" })
      let codes = entry.dropFirst(name.count + 1).split(separator: "+").compactMap { UInt32($0, radix: 16) }
      let text = String(String.UnicodeScalarView(codes.compactMap(Unicode.Scalar.init)))
      XCTAssertEqual(value(name), text, name)
    }
  }

  func testValue_WithoutSemicolonIsThatOfTheOldNamesAlone() {
    XCTAssertEqual(value("amp", open: true), "&")
    XCTAssertEqual(value("frac12", open: true), "½")
    XCTAssertNil(value("Alpha", open: true))
    XCTAssertEqual(value("NotEqualTilde"), "≂̸")
    XCTAssertNil(value("nosuch"))
    XCTAssertNil(value(""))
  }
}
