import Basics
import Formats
import XCTest

@testable import Conversion

/// A confined program may say any number, and none of them may end the server, which reads it.
final class ToldNumberTests: XCTestCase {
  private struct Left: ToolFolder {
    let file: String

    func names() -> [String] { ["info"] }
    func bytes(of name: String, atMost most: Int) -> [UInt8]? { Array(file.utf8.prefix(most)) }
    func size(of name: String) -> Int64? { Int64(file.utf8.count) }
  }

  private static let absurd = ["9223372036854775807", "-9223372036854775808", "-1", "4294967296", "1e3", "", "x"]

  func testRead_OfWhatIsBeyondMeasure_IsNothing() {
    for text in Self.absurd { XCTAssertNil(ToldNumber.read(text), text) }
    XCTAssertEqual(ToldNumber.read("0"), 0)
    XCTAssertEqual(ToldNumber.read("2147483648"), ToldNumber.most)
  }

  func testPages_OfAbsurdNumbers_AreNone() throws {
    for text in Self.absurd {
      XCTAssertNil(DocumentFacts(Left(file: "Pages: \(text)\n"), "info"), text)
      let facts = DocumentFacts(Left(file: "Pages: 1\nPage \(text) size: 1 x 1 pts\nPage 1 size: 2 x 2 pts\n"), "info")
      XCTAssertEqual(facts?.pages.map(\.number), [1], text)
    }
  }

  func testFilms_OfAbsurdSides_HaveNone() throws {
    for text in Self.absurd.prefix(4) {
      let stream = #"{"codec_type":"video","codec_name":"h264","width":\#(text),"height":\#(text),"channels":\#(text)}"#
      let facts = try XCTUnwrap(MediaFacts(Array(#"{"streams":[\#(stream)]}"#.utf8)))
      XCTAssertEqual(facts.film?.width, 0, text)
      XCTAssertEqual(facts.film?.height, 0, text)
    }
  }

  func testProgress_OfAbsurdPages_IsNone() throws {
    let task = ToolTask(
      conversion: Conversion(from: .pdf, to: .png, options: try ConversionOptions([:])), sources: ["in.pdf"],
      folder: Left(file: ""))
    let poppler = PopplerPictures()
    for text in Self.absurd {
      XCTAssertNil(poppler.percent("\(text) \(text) x", of: task, after: []), text)
      XCTAssertNil(poppler.percent("\(text) 1 x", of: task, after: []), text)
    }
    XCTAssertEqual(poppler.percent("1 2 x", of: task, after: []), 49)
  }
}
