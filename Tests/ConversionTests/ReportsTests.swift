import Basics
import Glibc
import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// The pictures that other people's reports were made of, each with the value that is right.
final class ReportsTests: XCTestCase {
  /// Before any assertion, which would count a skip inside it as an error.
  override func setUpWithError() throws {
    try XCTSkipIf(getenv("TEST_REPORTS") == nil, "TEST_REPORTS is not set")
  }

  private func file(_ name: String) throws -> TestFile {
    guard let folder = getenv("TEST_REPORTS") else { throw XCTSkip("TEST_REPORTS is not set") }
    return try TestFile(Folder.bytes(of: String(cString: folder) + "/" + name))
  }

  /// The samples of one pixel.
  private func pixel(_ picture: Picture, _ x: Int, _ y: Int) -> [UInt8] {
    let start = (y * picture.width + x) * picture.channels
    return Array(picture.samples[start..<start + picture.channels])
  }

  private func picture(_ name: String, _ format: Format) throws -> Picture {
    try Picture(png: convert(file(name), from: format, to: .png).file)
  }

  func testDamage_ThatTouchesNoPixel_IsAWarning() throws {
    let cases: [(name: String, format: Format, whole: String, warning: ConversionWarning)] = [
      ("png-text-crc.png", .png, "plain.png", .partLeftOut), ("png-exif-crc.png", .png, "plain.png", .partLeftOut),
      ("jpeg-no-eoi.jpg", .jpeg, "jpeg-whole.jpg", .endMissing),
      ("jpeg-no-eoi-trailer.jpg", .jpeg, "jpeg-whole.jpg", .endMissing),
      ("jpeg-progressive-no-eoi.jpg", .jpeg, "jpeg-progressive-whole.jpg", .endMissing),
    ]
    for (name, format, whole, warning) in cases {
      let (outcome, output) = try convert(file(name), from: format, to: .png)
      XCTAssertEqual(outcome.warnings, [warning], name)
      XCTAssert(try Picture(png: output) == picture(whole, format), name)
    }
  }

  func testXMPAndIPTC_AreKept() throws {
    let input = try file("jpeg-xmp-iptc-comment.jpg")
    let before = try JPEGReader(input.descriptor).notes()
    XCTAssertNotNil(before.xmp)
    XCTAssertNotNil(before.iptc)
    XCTAssertEqual(before.texts, [.init(name: "Comment", text: "a comment")])
    let jpeg = try convert(input, from: .jpeg, to: .jpeg, ["strip": "false"]).file
    let png = try convert(input, from: .jpeg, to: .png, ["strip": "false"]).file
    withExtendedLifetime(input) {}
    XCTAssertEqual(try JPEGReader(jpeg.descriptor).notes(), before)
    XCTAssertEqual(try PNGReader(png.descriptor).notes(), before)
    withExtendedLifetime((jpeg, png)) {}
  }

  func testGammaAndPrimaries_LookAsBefore() throws {
    XCTAssertEqual(try pixel(picture("png-gama-linear.png", .png), 12, 9), [191, 192, 153])
    XCTAssertEqual(try pixel(picture("png-gama-chrm.png", .png), 12, 9), [133, 136, 76])
  }

  func testICC_WithBytesBehindIt_IsCarried() throws {
    for name in ["jpeg-icc.jpg", "jpeg-icc-padded.jpg"] {
      let output = try convert(file(name), from: .jpeg, to: .jpeg).file
      let profile = try JPEGReader(output.descriptor).profile
      withExtendedLifetime(output) { XCTAssertNotNil(profile, name) }
    }
  }

  func testICC_InAPDF_TellsTheColours() throws {
    for (name, format) in [("jpeg-icc.jpg", Format.jpeg), ("png-icc.png", .png)] {
      let text = String(decoding: try convert(file(name), from: format, to: .pdf).file.bytes, as: Unicode.ASCII.self)
      XCTAssert(text.contains("/ColorSpace [/ICCBased "), name)
    }
  }

  func testResolution_InEXIF_LaysOutThePage() throws {
    for name in ["jpeg-exif-300dpi.jpg", "jpeg-exif-300dpi-jfif-unit-0.jpg", "jpeg-exif-118-per-cm.jpg"] {
      let text = String(decoding: try convert(file(name), from: .jpeg, to: .pdf).file.bytes, as: Unicode.ASCII.self)
      let page = try XCTUnwrap(text.split(separator: "/MediaBox [0 0 ").last?.split(separator: "]").first)
      let sides = page.split(separator: " ").compactMap { Double($0) }
      XCTAssertEqual(sides[0], 72, accuracy: 0.1, name)
      XCTAssertEqual(sides[1], 36, accuracy: 0.1, name)
      let json = String(decoding: try convert(file(name), from: .jpeg, to: .json).file.bytes, as: UTF8.self)
      XCTAssert(json.contains(#""dpi":300"#), "\(name): \(json)")
    }
  }

  func testIcon_WhoseAlphaSaysNothing_TakesTheMask() throws {
    let whole = try picture("ico-alpha-zero.ico", .ico)
    XCTAssertEqual(pixel(whole, 2, 2), [128, 30, 30, 255])
    XCTAssert(stride(from: 3, to: whole.samples.count, by: 4).allSatisfy { whole.samples[$0] == 255 })
    let half = try picture("ico-alpha-zero-half-mask.ico", .ico)
    for x in 0..<16 { XCTAssertEqual(pixel(half, x, 5)[3], x < 8 ? 0 : 255) }
    XCTAssertEqual(pixel(half, 13, 2), [128, 30, 195, 255])
  }

  func testIcon_WhoseDirectoryHasNoSides_GivesTheLargest() throws {
    let largest = try picture("ico-png-sides-zero.ico", .ico)
    XCTAssertEqual([largest.width, largest.height], [256, 256])
    XCTAssertEqual(pixel(largest, 100, 100)[0], 9)
  }

  func testTGA_WithTheDepthOfAMapThatIsNotThere_IsRead() throws {
    for name in ["tga-no-map-depth-24.tga", "tga-no-map-depth-24-rle.tga"] {
      XCTAssertEqual(try Sniffer.type(of: file(name).bytes).best, .tga)
      XCTAssertEqual(try picture(name, .tga), Picture(6, 4, 3) { _, _, channel in [200, 20, 10][channel] })
    }
  }

  func testLongPicture_IsLimitedByPixelsAndByItsFormat() throws {
    let outcome = try convert(file("long-400x20000.png"), from: .png, to: .jpeg).outcome
    XCTAssertEqual([outcome.width, outcome.height], [400, 20_000])
    let failed = failure { _ = try convert(file("long-70000x1.png"), from: .png, to: .jpeg) }
    XCTAssertEqual(failed?.code, .tooManyPixels)
    XCTAssertEqual(failed?.message.contains("a JPEG file has at most 65500 on a side"), true)
    XCTAssertEqual(try convert(file("long-70000x1.png"), from: .png, to: .bmp).outcome.width, 70_000)
  }
}
