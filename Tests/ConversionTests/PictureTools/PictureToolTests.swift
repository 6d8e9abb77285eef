import Basics
import Formats
import TestSupport
import XCTest

@testable import Conversion

/// Every pair of pictures that programs of others make: the picture that comes out is the one that went in.
final class PictureToolTests: XCTestCase {
  /// How far a format may be off on the mean, in steps of 255.
  private static let tolerance: [Format: Double] = [.gif: 9, .jpeg: 5, .webp: 5, .heic: 5, .avif: 6, .jxl: 5]

  private static let drawing = Array(
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="90" height="60" viewBox="0 0 90 60"><rect width="90" height="60" \
    fill="#204060"/><rect x="15" y="10" width="60" height="40" fill="#f0c040"/></svg>
    """.utf8)

  /// A picture that went through two formats.
  private struct Pair: Sendable {
    let formats: String
    let sides: [Int]
    let error: Double
    let most: Double
  }

  private func check(
    _ programs: [String], masked: ToolConfinement = [], _ formats: [Format], file: StaticString = #filePath,
    line: UInt = #line
  ) throws {
    let original = try ToolWorkshop(needing: programs, masked: masked).picture(SamplePictures.photo, .png)
    let pairs = try TwoAtATime.map(formats) { source in
      let workshop = try ToolWorkshop(needing: programs, masked: masked)
      let bytes = source == .png ? SamplePictures.photo : try workshop.make(SamplePictures.photo, .png, source)
      return try formats.filter(workshop.catalogue.formats(from: source).contains).map { target in
        let picture = try workshop.picture(try workshop.make(bytes, source, target), target)
        return Pair(
          formats: "\(source) to \(target)", sides: [picture.width, picture.height], error: picture.meanError(original),
          most: (PictureToolTests.tolerance[source] ?? 0.5) + (PictureToolTests.tolerance[target] ?? 0.5))
      }
    }.flatMap { $0 }
    for pair in pairs {
      XCTAssertEqual(pair.sides, [320, 213], pair.formats, file: file, line: line)
      XCTAssertLessThan(pair.error, pair.most, pair.formats, file: file, line: line)
    }
    XCTAssertGreaterThan(pairs.count, formats.count, file: file, line: line)
  }

  func testVIPS_EveryPair_ShowsThePictureThatItWas() throws {
    try check(ToolWorkshop.vips, [.png, .jpeg, .webp, .gif, .tiff, .heic, .avif, .jxl])
  }

  func testWebP_ByItself_ShowsThePictureThatItWas() throws {
    try check(ToolWorkshop.webp, [.png, .jpeg, .webp, .bmp])
  }

  func testPrograms_WithoutSpacesOfTheirOwn_MakeTheSame() throws {
    let masked: ToolConfinement = [.users, .network, .processes]
    try check(ToolWorkshop.vips, masked: masked, [.png, .webp, .tiff])
    try check(ToolWorkshop.webp, masked: masked, [.png, .webp])
    let workshop = try ToolWorkshop(needing: ["rsvg-convert"], masked: masked)
    XCTAssertEqual(try workshop.picture(PictureToolTests.drawing, .svg).width, 90)
  }

  func testWays_OverSeveralPrograms_EndWhereTheyShould() throws {
    let workshop = try ToolWorkshop(needing: ToolWorkshop.vips + ToolWorkshop.webp + ["rsvg-convert"])
    let photo = SamplePictures.photo
    let heic = try workshop.make(photo, .png, .heic)
    let pdf = try workshop.make(heic, .heic, .pdf)
    XCTAssertTrue(pdf.starts(with: Array("%PDF-".utf8)))
    XCTAssertTrue(String(decoding: pdf, as: UTF8.self).contains("/Width 320"))
    let webp = try workshop.make(PictureToolTests.drawing, .svg, .webp)
    let shown = try workshop.picture(webp, .webp)
    XCTAssertEqual([shown.width, shown.height], [90, 60])
    XCTAssertLessThan(shown.meanError(try workshop.picture(PictureToolTests.drawing, .svg)), 4)
    let bmp = try workshop.make(try workshop.make(photo, .png, .webp), .webp, .bmp)
    XCTAssertTrue(bmp.starts(with: Array("BM".utf8)))
    let gif = try workshop.make(photo, .png, .gif)
    XCTAssertTrue(try workshop.make(gif, .gif, .jpeg).starts(with: [0xFF, 0xD8]))
    XCTAssertTrue(try workshop.make(bmp, .bmp, .avif)[4...].starts(with: Array("ftypavif".utf8)))
  }

  func testWays_OfPictures_NeverGoOverOneThatLoses() throws {
    let workshop = try ToolWorkshop(needing: ToolWorkshop.vips + ToolWorkshop.webp + ["rsvg-convert"])
    let losing: Set<Format> = [.jpeg, .webp, .heic, .avif, .jxl, .gif, .svg, .pdf]
    for options in [[:], ["width": "50"], ["fit": "cover", "width": "50", "height": "50"], ["crop_x": "5"]] {
      for source in [Format.png, .jpeg, .bmp, .webp, .gif, .tiff, .heic, .avif, .jxl, .svg] {
        for target in [Format.png, .jpeg, .tga, .webp, .gif, .tiff, .heic, .avif, .jxl] {
          let way = try workshop.way(source, target, options)
          let between = way.dropLast().map(\.to).filter(losing.contains)
          XCTAssertEqual(between, [], "\(source) to \(target) \(options): \(way.map(\.maker.name))")
        }
      }
    }
  }
}
