import Basics
import Formats
import TestSupport
import XCTest

@testable import Conversion

/// Drawings as pixels and documents, pixels as drawings, and the text of pictures.
final class DrawingToolTests: XCTestCase {
  private let drawing = Array(
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="60mm" height="30mm" viewBox="0 0 200 100"><rect width="200" \
    height="100" fill="#0000ff"/><circle cx="100" cy="50" r="40" fill="#ffff00"/></svg>
    """.utf8)

  func testSVG_IsDrawnAsLargeAsItIsAskedFor() throws {
    let workshop = try ToolWorkshop(needing: ["rsvg-convert"])
    let cases: [([String: String], [Int])] = [
      ([:], [227, 113]), (["dpi": "192"], [454, 227]), (["width": "100"], [100, 50]), (["height": "100"], [201, 100]),
      (["width": "100", "height": "100"], [100, 50]), (["thumbnail": "50"], [50, 25]),
      (["width": "500", "never_enlarge": "true"], [227, 113]),
      (["width": "100", "height": "100", "fit": "fill"], [100, 100]),
      (["width": "100", "height": "100", "fit": "outside"], [201, 100]),
      (["width": "100", "height": "100", "fit": "cover"], [100, 100]),
      (["width": "100", "height": "100", "fit": "contain"], [100, 100]),
      (["width": "100", "crop_width": "100"], [100, 113]), (["width": "1000", "grayscale": "true"], [1000, 498]),
    ]
    for (options, expected) in cases {
      let picture = try workshop.picture(drawing, .svg, options)
      XCTAssertEqual([picture.width, picture.height], expected, "\(options)")
    }
    let options = ["width": "100", "height": "100", "fit": "contain", "background": "#ff0000"]
    let padded = try workshop.picture(drawing, .svg, options)
    XCTAssertEqual(Array(padded.samples[0..<3]), [255, 0, 0])
    XCTAssertEqual(Array(padded.samples[(50 * 100 + 50) * 3..<(50 * 100 + 50) * 3 + 3]), [255, 255, 0])
    let cut = try workshop.picture(drawing, .svg, ["width": "100", "height": "100", "fit": "cover"])
    XCTAssertEqual(Array(cut.samples[(50 * 100 + 50) * 3..<(50 * 100 + 50) * 3 + 3]), [255, 255, 0])
  }

  func testSVG_BecomesADocumentOfOutlines() throws {
    let made = try ToolWorkshop(needing: ["rsvg-convert"]).make(drawing, .svg, .pdf)
    XCTAssertTrue(made.starts(with: Array("%PDF-".utf8)))
    XCTAssertFalse(String(decoding: made, as: UTF8.self).contains("/Image"))
  }

  func testTrace_DrawsOutlinesOfAnyPicture() throws {
    let workshop = try ToolWorkshop(needing: ["potrace", "rsvg-convert"] + ToolWorkshop.vips)
    let spot = try Picture(80, 60, 3) { x, y, _ in (x - 40) * (x - 40) + (y - 30) * (y - 30) < 400 ? 100 : 250 }.png()
      .bytes
    let webp = try workshop.make(spot, .png, .webp)
    for (bytes, source) in [(spot, Format.png), (webp, .webp)] {
      let outlines = try workshop.make(bytes, source, .svg, ["trace": "true"])
      let text = String(decoding: outlines, as: UTF8.self)
      XCTAssertTrue(text.contains("<path") && !text.contains("<image"), source.name)
      let shown = try workshop.picture(outlines, .svg, ["width": "80"])
      let original = try workshop.picture(spot, .png)
      XCTAssertEqual(shown.height, 60)
      let dark = (0..<80 * 60).count { shown.samples[$0 * shown.channels + shown.channels - 1] > 128 }
      let expected = (0..<80 * 60).count { original.samples[$0 * 3] < 128 }
      XCTAssertLessThan(abs(dark - expected), 60, "\(dark) of \(expected)")
    }
    let none = try workshop.make(spot, .png, .svg, ["trace": "true", "trace_threshold": "20"])
    XCTAssertFalse(String(decoding: none, as: UTF8.self).contains("<path"))
    let few = try workshop.make(spot, .png, .svg, ["trace": "true", "trace_speckles": "5000"])
    XCTAssertFalse(String(decoding: few, as: UTF8.self).contains("<path"))
    let plain = try workshop.make(spot, .png, .svg)
    XCTAssertTrue(String(decoding: plain, as: UTF8.self).contains("<image"))
  }

  func testText_OfPictures_IsReadAndCanBeSearched() throws {
    let workshop = try ToolWorkshop(needing: ["tesseract", "rsvg-convert"])
    let page = Array(
      """
      <svg xmlns="http://www.w3.org/2000/svg" width="900" height="200"><rect width="900" height="200" fill="white"/>\
      <text x="40" y="80" font-family="DejaVu Sans" font-size="44">Wonder turns files</text>\
      <text x="40" y="150" font-family="DejaVu Sans" font-size="44">into other files</text></svg>
      """.utf8)
    let picture = try workshop.make(page, .svg, .png)
    let text = String(decoding: try workshop.make(picture, .png, .txt), as: UTF8.self)
    XCTAssertEqual(
      text.split(whereSeparator: \.isWhitespace).joined(separator: " "), "Wonder turns files into other files")
    let jpeg = try workshop.make(picture, .png, .jpeg)
    XCTAssertTrue(String(decoding: try workshop.make(jpeg, .jpeg, .txt), as: UTF8.self).contains("Wonder"))
    let lying = try workshop.make(picture, .png, .png, ["rotate": "90"])
    XCTAssertTrue(String(decoding: try workshop.make(lying, .png, .txt), as: UTF8.self).contains("Wonder"))
    let pdf = try workshop.make(jpeg, .jpeg, .pdf, ["ocr": "true"])
    XCTAssertTrue(String(decoding: pdf, as: UTF8.self).contains("GlyphLessFont"))
    let plain = try workshop.make(jpeg, .jpeg, .pdf)
    XCTAssertFalse(String(decoding: plain, as: UTF8.self).contains("GlyphLessFont"))
    let empty = try Picture(200, 100, 1) { _, _, _ in 255 }.png().bytes
    XCTAssertEqual(try workshop.make(empty, .png, .txt), [0x0A])
    let failure = try workshop.failure(picture, .png, .txt, ["language": "eng,tha"])
    XCTAssertTrue(failure?.message.contains("tesseract-ocr-tha") ?? false, "\(String(describing: failure))")
  }

  func testText_IsLookedForInPicturesAlone_AndNothingIsMadeOfIt() throws {
    let workshop = try ToolWorkshop(needing: ["tesseract"] + ToolWorkshop.vips)
    XCTAssertTrue(workshop.catalogue.formats(from: .heic).contains(.txt))
    XCTAssertTrue(workshop.catalogue.formats(from: .png).contains(.txt))
    XCTAssertFalse(workshop.catalogue.formats(from: .mp4).contains(.txt))
    XCTAssertEqual(try workshop.way(.heic, .txt).map(\.maker.name), ["vips heic", "tesseract"])
  }
}
