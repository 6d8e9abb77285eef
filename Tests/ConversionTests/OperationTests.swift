import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

final class OperationTests: XCTestCase {
  private let picture = Picture(60, 40, 3) { x, y, channel in [x * 4, y * 6, 90][channel] }

  private func sides(_ options: [String: String], _ picture: Picture? = nil) throws -> [Int] {
    let outcome = try convert(try (picture ?? self.picture).png(), from: .png, to: .png, options).outcome
    return [outcome.width ?? 0, outcome.height ?? 0]
  }

  func testResize_WithEachFit_HasTheSidesOfItsMeaning() throws {
    let cases: [([String: String], [Int])] = [
      (["width": "30"], [30, 20]), (["height": "80"], [120, 80]),
      (["width": "30", "height": "30"], [30, 20]),
      (["width": "30", "height": "30", "fit": "outside"], [45, 30]),
      (["width": "30", "height": "30", "fit": "cover"], [30, 30]),
      (["width": "30", "height": "30", "fit": "contain"], [30, 30]),
      (["width": "30", "height": "30", "fit": "fill"], [30, 30]),
      (["width": "1"], [1, 1]), (["thumbnail": "15"], [15, 10]), (["thumbnail": "900"], [60, 40]),
      (["width": "120", "never_enlarge": "true"], [60, 40]),
      (["width": "120", "height": "10", "fit": "fill", "never_enlarge": "true"], [60, 40]),
      (["width": "120", "height": "120", "fit": "cover", "never_enlarge": "true"], [60, 40]),
      (["width": "90", "height": "90", "fit": "contain", "never_enlarge": "true"], [90, 90]),
      (["rotate": "90"], [40, 60]), (["rotate": "90", "width": "30"], [20, 30]),
      (["rotate": "270", "width": "30", "height": "10", "fit": "contain"], [10, 30]),
      (["crop_x": "50"], [10, 40]), (["crop_x": "50", "crop_width": "99"], [10, 40]),
      (["crop_width": "30", "crop_height": "10", "width": "15"], [15, 5]),
    ]
    for (options, expected) in cases { XCTAssertEqual(try sides(options), expected, "\(options)") }
  }

  func testResize_OfAFlatPicture_KeepsItsColour() throws {
    let flat = Picture(97, 61, 4) { _, _, channel in [200, 100, 50, 255][channel] }
    for width in ["1", "7", "31", "96", "98", "333"] {
      for filter in ["lanczos3", "box"] {
        let (_, file) = try convert(try flat.png(), from: .png, to: .png, ["width": width, "filter": filter])
        let result = try Picture(png: file)
        XCTAssertEqual(
          result, Picture(result.width, result.height, 4) { _, _, channel in [200, 100, 50, 255][channel] })
      }
    }
  }

  func testResize_AtTheEdgeOfTransparency_MixesNoHiddenColour() throws {
    // Red under full transparency beside opaque green: no pixel may turn reddish.
    let halves = Picture(64, 8, 4) { x, _, channel in x < 31 ? [255, 0, 0, 0][channel] : [0, 255, 0, 255][channel] }
    let (_, file) = try convert(try halves.png(), from: .png, to: .png, ["width": "16"])
    let result = try Picture(png: file)
    for pixel in stride(from: 0, to: result.samples.count, by: 4) where result.samples[pixel + 3] > 0 {
      XCTAssertEqual(result.samples[pixel], 0)
    }
  }

  func testAdjustments_AreWhatTheirNamesSay() throws {
    func first(_ options: [String: String], _ samples: [Int]) throws -> [Int] {
      let flat = Picture(2, 2, samples.count) { _, _, channel in samples[channel] }
      let (_, file) = try convert(try flat.png(), from: .png, to: .png, options)
      return try Picture(png: file).samples.prefix(samples.count).map { Int($0) }
    }
    let cases: [([String: String], [Int], [Int])] = [
      (["brightness": "0.5"], [200, 100, 50], [100, 50, 25]), (["brightness": "3"], [200, 100, 50], [255, 255, 150]),
      (["contrast": "0"], [200, 100, 50], [128, 128, 128]), (["contrast": "2"], [200, 100, 50], [255, 73, 0]),
      (["saturation": "0"], [200, 100, 50], [118, 118, 118]),
      (["invert": "true"], [200, 100, 50, 9], [55, 155, 205, 9]),
      (["hue": "360"], [200, 100, 50], [200, 100, 50]), (["brightness": "0.5"], [200], [100]),
      (["hue": "90", "saturation": "2"], [80], [80]), (["invert": "true", "brightness": "1"], [80, 40], [175, 40]),
    ]
    for (options, samples, expected) in cases {
      XCTAssertEqual(try first(options, samples), expected, "\(options) of \(samples)")
    }
  }

  func testCrop_OutsideThePicture_NamesItsSides() throws {
    let failed = failure { _ = try sides(["crop_x": "60"]) }
    XCTAssertEqual(failed?.code, .unsupportedConversion)
    XCTAssertEqual(failed?.message.contains("60 x 40"), true)
  }

  func testResize_OverThePixelLimit_IsRefused() throws {
    let failed = failure {
      _ = try sides(["width": "16384", "height": "16384", "fit": "outside"])
    }
    XCTAssertEqual(failed?.code, .tooManyPixels)
  }

  func testTurns_FollowOneAnother_AsOneTurn() {
    for first in Orientation.allCases {
      for second in Orientation.allCases {
        let area = PixelArea(x: 3, y: 1, width: 4, height: 2)
        let (width, height) = (11, 7)
        let (middleWidth, middleHeight) = second.swapsSides ? (height, width) : (width, height)
        let (lastWidth, lastHeight) = first.swapsSides ? (middleHeight, middleWidth) : (middleWidth, middleHeight)
        let direct = first.then(second)
        // Back through both turns, one after the other or at once, the area is the same.
        let sides = direct.swapsSides ? (lastHeight, lastWidth) : (lastWidth, lastHeight)
        let middle = first.swapsSides ? (sides.1, sides.0) : (sides.0, sides.1)
        let stepwise = first.stored(
          second.stored(area, width: middle.0, height: middle.1), width: sides.0, height: sides.1)
        XCTAssertEqual(direct.stored(area, width: sides.0, height: sides.1), stepwise, "\(first) then \(second)")
      }
    }
  }

  func testTargetSize_IsKept_WithTheBestQualityThatFits() throws {
    let noise = Picture(128, 128, 3) { x, y, channel in (x * 7919 ^ y * 104_729 ^ channel * 31) >> 3 }
    let input = try noise.png()
    let plain = try convert(input, from: .png, to: .jpeg, ["quality": "60"]).outcome.size
    let most = String(plain)
    XCTAssertEqual(try convert(input, from: .png, to: .jpeg, ["target_size": most]).outcome.size, plain)
    let failed = failure { _ = try convert(input, from: .png, to: .jpeg, ["target_size": "256"]) }
    XCTAssertEqual(failed?.code, .outputTooLarge)
  }

  func testStrip_Off_KeepsEXIFUprightAndResolution() throws {
    let file = try TestFile()
    let exif: [UInt8] =
      Array("MM\0*".utf8) + [0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
    let header = PictureHeader(width: 60, height: 40, channels: 3)
    let writer = try JPEGWriter(
      file.descriptor, header, JPEGWriter.Settings(),
      PictureAttachments(exif: EXIF(exif), resolution: Resolution(dpi: 300)))
    try picture.samples.withUnsafeBytes { try writer.write(40, from: $0) }
    _ = try writer.finish()
    for target in [Format.png, .jpeg] {
      let (outcome, kept) = try convert(file, from: .jpeg, to: target, ["strip": "false"])
      XCTAssertEqual([outcome.width, outcome.height], [40, 60])
      let reader: any PictureReader =
        target == .png ? try PNGReader(kept.descriptor) : try JPEGReader(kept.descriptor)
      XCTAssertEqual(try reader.exif()?.orientation, .upright)
      XCTAssertEqual(try reader.exif()?.bytes.count, exif.count)
      XCTAssertEqual(try reader.resolution()?.perInch.across, 300)
      let (_, stripped) = try convert(file, from: .jpeg, to: target, ["dpi": "72"])
      let plain: any PictureReader =
        target == .png ? try PNGReader(stripped.descriptor) : try JPEGReader(stripped.descriptor)
      XCTAssertNil(try plain.exif())
      XCTAssertEqual(try plain.resolution()?.perInch.across, 72)
    }
  }

  func testJPEG_ProgressiveAndSubsampling_AreWritten() throws {
    let input = try picture.png()
    let (_, progressive) = try convert(input, from: .png, to: .jpeg, ["progressive": "true"])
    let bytes = progressive.bytes
    XCTAssert(bytes.indices.dropLast().contains { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC2 })
    for (name, factors) in [("420", UInt8(0x22)), ("422", 0x21), ("444", 0x11)] {
      let (_, file) = try convert(input, from: .png, to: .jpeg, ["subsampling": name])
      let bytes = file.bytes
      let frame = try XCTUnwrap(bytes.indices.first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
      XCTAssertEqual(bytes[frame + 11], factors, name)
    }
  }
}
