import Foundation
import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

final class DocumentsTests: XCTestCase {
  private func text(_ file: TestFile) -> String { String(decoding: file.bytes, as: UTF8.self) }

  func testPDF_OfAJPEG_HasItsBytesWithoutItsMetadata() throws {
    let jpeg = try Picture.gradient(64, 40, 3).jpeg()
    let whole = jpeg.bytes
    let comment: [UInt8] = [0xFF, 0xFE, 0, 8] + Array("secret".utf8)
    let (outcome, pdf) = try convert(
      try TestFile(Array(whole.prefix(2)) + comment + whole[2...]), from: .jpeg, to: .pdf)
    XCTAssertEqual([outcome.width, outcome.height], [64, 40])
    let bytes = pdf.bytes
    XCTAssertNotNil(bytes.firstRange(of: whole))
    XCTAssertNil(bytes.firstRange(of: Array("secret".utf8)))
    XCTAssert(text(pdf).contains("/MediaBox [0 0 48 30]"))
    XCTAssert(text(pdf).contains("/DCTDecode"))
  }

  func testPDF_OfADamagedJPEG_Fails() throws {
    let whole = try Picture.gradient(64, 40, 3).jpeg().bytes
    let failed = failure { _ = try convert(try TestFile(Array(whole.dropLast(40))), from: .jpeg, to: .pdf) }
    XCTAssertEqual(failed?.code, .damagedFile)
  }

  func testPDF_TableOfObjects_PointsAtEachOfThem() throws {
    for channels in [1, 2, 4] {
      let (_, pdf) = try convert(try Picture.gradient(30, 20, channels).png(), from: .png, to: .pdf)
      let bytes = pdf.bytes
      let text = String(decoding: bytes, as: Unicode.ASCII.self)
      let start = try XCTUnwrap(
        text.split(separator: "startxref\n").last?.split(separator: "\n").first.flatMap { Int($0) })
      let table = String(decoding: bytes[start...], as: UTF8.self).split(separator: "\n")
      XCTAssertEqual(table[0], "xref")
      let count = try XCTUnwrap(table[1].split(separator: " ").last.flatMap { Int($0) })
      for number in 1..<count {
        let offset = try XCTUnwrap(Int(table[2 + number].prefix(10)))
        XCTAssert(bytes[offset...].starts(with: "\(number) 0 obj".utf8), "\(number)")
      }
      XCTAssertEqual(text.contains("/SMask"), channels % 2 == 0)
    }
  }

  func testPage_OfEachKind_HoldsThePicture() throws {
    let cases: [([String: String], [Double], [Double])] = [
      ([:], [75, 150], [0, 0, 75, 150]),
      (["margin": "10"], [131.693, 206.693], [28.346, 28.346, 103.346, 178.346]),
      (["page_size": "letter"], [612, 792], [108, 0, 504, 792]),
      (["page_size": "letter", "page_fit": "shrink"], [612, 792], [268.5, 321, 343.5, 471]),
      (["page_size": "letter", "page_fit": "stretch"], [612, 792], [0, 0, 612, 792]),
      (["page_size": "letter", "page_orientation": "landscape"], [792, 612], [243, 0, 549, 612]),
    ]
    for (options, sides, box) in cases {
      let page = PDFPage(sides: (100, 200), nil, try ConversionOptions(options))
      for (value, expected) in zip([page.width, page.height], sides) { XCTAssertEqual(value, expected, accuracy: 0.01) }
      let picture = [page.picture.left, page.picture.top, page.picture.right, page.picture.bottom]
      for (value, expected) in zip(picture, box) { XCTAssertEqual(value, expected, accuracy: 0.01, "\(options)") }
    }
  }

  func testSVG_HoldsThePictureAsBase64() throws {
    for size in [1, 40, 200] {
      let picture = Picture(size, size, 3) { x, y, channel in x * 7919 ^ y * 104_729 ^ channel * 331 }
      let (_, svg) = try convert(try picture.png(), from: .png, to: .svg)
      let parts = text(svg).split(separator: "base64,")
      let coded = try XCTUnwrap(parts.last?.split(separator: "\"").first.map(String.init))
      let bytes = try XCTUnwrap(Data(base64Encoded: coded))
      XCTAssertEqual(try Picture(png: try TestFile(Array(bytes))), picture)
      XCTAssert(text(svg).hasSuffix("/></svg>\n"))
    }
  }
}
