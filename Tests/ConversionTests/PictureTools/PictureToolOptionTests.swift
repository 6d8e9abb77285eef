import Basics
import Formats
import TestSupport
import XCTest

@testable import Conversion

/// What the options of pictures ask programs of others for.
final class PictureToolOptionTests: XCTestCase {
  private let photo = SamplePictures.photo

  private func sides(_ picture: Picture) -> [Int] { [picture.width, picture.height] }

  func testQualityLosslessAndEffort_ReachTheCoder() throws {
    let workshop = try ToolWorkshop(needing: ToolWorkshop.vips + ToolWorkshop.webp)
    let original = try workshop.picture(photo, .png)
    for target in [Format.webp, .heic, .avif, .jxl] {
      let sizes = try ["20", "85", "100"].map { try workshop.make(photo, .png, target, ["quality": $0]).count }
      XCTAssertEqual(sizes, sizes.sorted(), target.name)
      XCTAssertLessThan(sizes[0] * 2, sizes[2], target.name)
      let exact = try workshop.make(photo, .png, target, ["lossless": "true"])
      let most = [.heic, .avif].contains(target) ? 2.0 : 0
      XCTAssertLessThanOrEqual(try workshop.picture(exact, target).meanError(original), most, target.name)
    }
    for target in [Format.webp, .avif, .jxl, .gif] {
      for effort in ["0", "9"] where target != .avif || effort == "0" {
        XCTAssertFalse(try workshop.make(photo, .png, target, ["effort": effort]).isEmpty, target.name)
      }
    }
    let heic = try workshop.make(photo, .png, .heic)
    let jpegs = try ["30", "90"].map { try workshop.make(heic, .heic, .jpeg, ["quality": $0]).count }
    XCTAssertLessThan(jpegs[0] * 2, jpegs[1])
  }

  func testQuality_BesidesWhatOnlyOursDoes_IsTheLastStepsOwn() throws {
    let workshop = try ToolWorkshop(needing: ToolWorkshop.webp)
    let sizes = try ["10", "95"].map {
      try workshop.make(photo, .png, .webp, ["quality": $0, "crop_width": "200", "rotate": "90"]).count
    }
    XCTAssertLessThan(sizes[0] * 3, sizes[1])
  }

  func testSize_IsWhatCodeOfOursWouldMakeIt() throws {
    let workshop = try ToolWorkshop(needing: ToolWorkshop.vips)
    let heic = try workshop.make(photo, .png, .heic)
    let cases: [([String: String], [Int])] = [
      (["width": "100"], [100, 67]), (["height": "100"], [150, 100]), (["width": "90", "height": "30"], [45, 30]),
      (["thumbnail": "64"], [64, 43]), (["thumbnail": "1000"], [320, 213]), (["width": "640"], [640, 426]),
      (["width": "640", "never_enlarge": "true"], [320, 213]),
      (["width": "50", "height": "50", "fit": "cover"], [50, 50]),
      (["width": "50", "height": "80", "fit": "fill"], [50, 80]), (["crop_x": "20", "width": "150"], [150, 107]),
    ]
    for (options, expected) in cases {
      for target in [Format.png, .jpeg, .webp, .heic] {
        let made = try workshop.make(heic, .heic, target, options)
        XCTAssertEqual(sides(try workshop.picture(made, target)), expected, "\(target) \(options)")
      }
    }
  }

  func testPages_OfTIFF_BecomeFilesEach_OrOneIsTaken() throws {
    let workshop = try ToolWorkshop(needing: ToolWorkshop.vips)
    let tiff = TIFFPages.bytes([(10, 8), (130, 20), (250, 12)])
    let made = try workshop.makeAll(tiff, .tiff, .png)
    XCTAssertEqual(made.map(\.label), ["1", "2", "3"])
    let pictures = try made.map { try workshop.picture($0.bytes, .png) }
    XCTAssertEqual(pictures.map(\.width), [8, 20, 12])
    XCTAssertEqual(pictures.map { $0.samples[0] }, [10, 130, 250])
    XCTAssertEqual(try workshop.makeAll(tiff, .tiff, .pdf).map(\.label), ["1", "2", "3"])
    let second = try workshop.picture(try workshop.make(tiff, .tiff, .jpeg, ["page": "2"]), .jpeg)
    XCTAssertEqual([second.width, Int(second.samples[0])], [20, 130])
    let same = TIFFPages.bytes([(10, 40), (200, 40)])
    for packing in ["lzw", "deflate", "none", "jpeg"] {
      let packed = try workshop.make(same, .tiff, .tiff, ["tiff_compression": packing])
      let pages = try workshop.makeAll(packed, .tiff, .png).map { try workshop.picture($0.bytes, .png).samples[0] }
      XCTAssertEqual(pages.map { ($0 + 5) / 10 }, [1, 20], packing)
    }
    XCTAssertEqual(try workshop.failure(tiff, .tiff, .png, ["page": "4"])?.code, .unsupportedConversion)
  }

  func testFrames_OfFilms_StayBetweenFormatsThatHaveThem() throws {
    let workshop = try ToolWorkshop(needing: ToolWorkshop.vips)
    let film = ToolSamples.film([[255, 0, 0], [0, 255, 0], [0, 0, 255]], side: 32)
    for target in [Format.gif, .webp] {
      let made = try workshop.make(film, .gif, target, ["width": "16"])
      for (page, channel) in [("1", 0), ("2", 1), ("3", 2)] {
        let frame = try workshop.picture(made, target, ["page": page])
        XCTAssertEqual(frame.width, 16, target.name)
        XCTAssertGreaterThan(frame.samples[channel], 200, "\(target) \(page)")
        XCTAssertLessThan(frame.samples[(channel + 1) % 3], 60, "\(target) \(page)")
      }
    }
    let still = try workshop.picture(try workshop.make(film, .gif, .jpeg, ["page": "3"]), .jpeg)
    XCTAssertGreaterThan(still.samples[2], 200)
    let one = try workshop.make(film, .gif, .webp, ["page": "2"])
    XCTAssertEqual(WebPHeader(one)?.isAnimated ?? true, false)
  }

  func testFirstFrame_OfAFilmOfWebP_IsWhatItsOwnProgramsTake() throws {
    let vips = try ToolWorkshop(needing: ToolWorkshop.vips)
    let film = try vips.make(ToolSamples.film([[255, 0, 0], [0, 0, 255]], side: 32), .gif, .webp)
    let workshop = try ToolWorkshop(needing: ToolWorkshop.webp)
    XCTAssertGreaterThan(try workshop.picture(film, .webp).samples[0], 200)
  }

  func testBackground_ShowsThroughWhatAJPEGCannotSay() throws {
    let workshop = try ToolWorkshop(needing: ToolWorkshop.vips)
    let clear = try Picture(16, 16, 4) { _, _, channel in channel == 3 ? 0 : 90 }.png().bytes
    let webp = try workshop.make(clear, .png, .webp)
    for (options, expected) in [([:], [255, 255, 255]), (["background": "#ff0000"], [254, 0, 0])] {
      let made = try workshop.picture(try workshop.make(webp, .webp, .jpeg, options), .jpeg)
      let near = zip(made.samples.prefix(3), expected).allSatisfy { abs(Int($0) - $1) < 5 }
      XCTAssertTrue(near, "\(made.samples.prefix(3))")
    }
  }
}
