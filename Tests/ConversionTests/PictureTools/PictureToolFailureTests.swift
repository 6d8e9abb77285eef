import Basics
import Formats
import TestSupport
import XCTest

@testable import Conversion

/// What clients are told when a program of others cannot make their picture.
final class PictureToolFailureTests: XCTestCase {
  private let photo = SamplePictures.photo

  func testDamagedPictures_AreSaidToBe() throws {
    let workshop = try ToolWorkshop(needing: ToolWorkshop.vips + ToolWorkshop.webp + ["rsvg-convert", "exiftool"])
    for format in [Format.webp, .heic, .avif, .tiff, .jxl] {
      let whole = try workshop.make(photo, .png, format)
      for end in [whole.count / 2, 40] {
        let failure = try workshop.failure(Array(whole.prefix(end)), format, .jpeg)
        XCTAssertEqual(failure?.code, .damagedFile, "\(format) \(end)")
      }
    }
    for text in ["<svg", "<svg></svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><a></svg>"] {
      XCTAssertEqual(try workshop.failure(Array(text.utf8), .svg, .png)?.code, .damagedFile, text)
    }
    XCTAssertEqual(try workshop.failure([0, 1, 2, 3, 4, 5, 6, 7], .heic, .json)?.code, .damagedFile)
    let short = try ToolWorkshop(needing: ToolWorkshop.webp)
    let webp = try short.make(photo, .png, .webp)
    XCTAssertEqual(try short.failure(Array(webp.prefix(webp.count / 2)), .webp, .png)?.code, .damagedFile)
    XCTAssertEqual(try short.failure(Array(webp.prefix(20)), .webp, .png)?.code, .damagedFile)
  }

  func testLargePictures_AreRefusedByTheirHeaders() throws {
    let all = ToolWorkshop.vips + ToolWorkshop.webp + ["rsvg-convert", "tesseract"]
    for programs in [all, ToolWorkshop.webp] {
      var workshop = try ToolWorkshop(needing: programs)
      let webp = try workshop.make(photo, .png, .webp)
      workshop.maxPixels = 1000
      let failure = try workshop.failure(webp, .webp, .png)
      XCTAssertEqual(failure?.code, .tooManyPixels)
      XCTAssertTrue(
        failure?.message.contains("320 x 213 pixels, and may have 1000") ?? false, "\(failure?.message ?? "")")
      XCTAssertEqual(try workshop.failure(photo, .png, .webp)?.code, .tooManyPixels)
    }
    var workshop = try ToolWorkshop(needing: all)
    let film = ToolSamples.film([[UInt8]](repeating: [1, 2, 3], count: 20), side: 30)
    workshop.maxPixels = 1000
    XCTAssertEqual(try workshop.failure(film, .gif, .webp)?.code, .tooManyPixels)
    XCTAssertFalse(try workshop.make(film, .gif, .webp, ["page": "2"]).isEmpty)
    let pages = TIFFPages.bytes([(1, 8), (2, 50)])
    let failure = try workshop.failure(pages, .tiff, .png)
    XCTAssertTrue(failure?.message.hasPrefix("page 2 has 50 x 50 pixels") ?? false, "\(String(describing: failure))")
    XCTAssertEqual(try workshop.failure(photo, .png, .txt)?.code, .tooManyPixels)
    for text in [
      "width='100000' height='20'", "width='1e6' height='1e6'", "width='400' height='400'", "viewBox='0 0 9e9 9e9'",
    ] {
      let drawing = Array("<svg xmlns='http://www.w3.org/2000/svg' \(text)><rect width='9' height='9'/></svg>".utf8)
      XCTAssertEqual(try workshop.failure(drawing, .svg, .png)?.code, .tooManyPixels, text)
    }
    let small = Array("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>".utf8)
    XCTAssertEqual(try workshop.failure(small, .svg, .png, ["width": "5000"])?.code, .tooManyPixels)
    XCTAssertEqual(try workshop.failure(small, .svg, .png, ["dpi": "9600"])?.code, .tooManyPixels)
  }

  func testBombOfWebP_IsRefusedBeforeItIsDecoded() throws {
    let head = Array("RIFF".utf8) + ToolSamples.little(1000, 4) + Array("WEBPVP8L".utf8) + ToolSamples.little(900, 4)
    let bomb = head + [0x2F] + ToolSamples.little(16_382 | 16_382 << 14, 4) + [UInt8](repeating: 0, count: 900)
    let failure = try ToolWorkshop(needing: ToolWorkshop.webp).failure(bomb, .webp, .png)
    XCTAssertEqual(failure?.code, .tooManyPixels)
  }

  func testSidesThatAFormatCannotSay_AreRefusedWithNumbers() throws {
    let long = try Picture(17_000, 2, 1) { _, _, _ in 9 }.png().bytes
    for programs in [ToolWorkshop.webp, ToolWorkshop.vips] {
      let failure = try ToolWorkshop(needing: programs).failure(long, .png, .webp)
      XCTAssertEqual(failure?.code, .unsupportedConversion)
      XCTAssertTrue(failure?.message.contains("17000 x 2 pixels, and WebP takes 16383") ?? false)
    }
    let made = try ToolWorkshop(needing: ToolWorkshop.vips).make(long, .png, .heic, ["width": "1000"])
    XCTAssertFalse(made.isEmpty)
  }

  func testHostileDrawings_ReadNothingAndCallNobody() throws {
    let place = try TemporaryDirectory()
    let canary = place.path + "/canary.png"
    try TestFile.write(try Picture(8, 8, 3) { _, _, channel in channel == 0 ? 255 : 0 }.png().bytes, to: canary)
    try TestFile.write(
      Array("<svg xmlns='http://www.w3.org/2000/svg'><rect fill='red'/></svg>".utf8), to: place.path + "/c.svg")
    let listener = try CanaryServer()
    let drawings = [
      "<image width='60' height='60' xlink:href='file://\(canary)'/>",
      "<image width='60' height='60' xlink:href='\(canary)'/>",
      "<image width='60' height='60' xlink:href='http://127.0.0.1:\(listener.port)/a.png'/>",
      "<use xlink:href='\(place.path)/c.svg#x'/>",
      "<style>@import url(http://127.0.0.1:\(listener.port)/a.css);</style>",
      "<style>@import url(file://\(canary));</style>", "<image width='9' height='9' xlink:href='in-1.svg'/>",
      "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='\(canary)' parse='text'/>",
      "<text y='40' fill='red'>&secret;</text>", "<feImage xlink:href='file://\(canary)'/>",
      "<style>@font-face { font-family: a; src: url(http://127.0.0.1:\(listener.port)/f.ttf) }</style>",
    ]
    let type = "<!DOCTYPE svg [<!ENTITY secret SYSTEM 'file:///etc/passwd'>]>"
    let begin =
      "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='60' height='60'>"
    for masked in [[], [.users, .network, .processes]] as [ToolConfinement] {
      let workshop = try ToolWorkshop(needing: ["rsvg-convert"], masked: masked)
      for drawing in drawings {
        let text = (drawing.contains("&secret") ? type : "") + begin + drawing + "</svg>"
        guard let picture = try? workshop.picture(Array(text.utf8), .svg) else { continue }
        let red = stride(from: 0, to: picture.samples.count, by: picture.channels).contains {
          picture.samples[$0] > 100 && picture.channels > 2
        }
        XCTAssertFalse(red, drawing)
      }
    }
    XCTAssertFalse(listener.wasCalled)
    let inner = "<image width='60' height='60' xlink:href='data:image/png;base64,"
    let own = Base64.encode(try Picture(8, 8, 3) { _, _, channel in channel == 0 ? 255 : 0 }.png().bytes)
    let shown = try ToolWorkshop(needing: ["rsvg-convert"]).picture(
      Array((begin + inner + own + "'/></svg>").utf8), .svg)
    XCTAssertGreaterThan(shown.samples[0], 200, "else the rest proves nothing")
  }
}
