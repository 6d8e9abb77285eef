import Basics
import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

final class ImageConverterTests: XCTestCase {
  func testConvert_PNGToJPEGAndBack_KeepsSizeAndLook() throws {
    let picture = Picture.gradient(333, 201, 3)
    let (outcome, jpeg) = try convert(try picture.png(), from: .png, to: .jpeg)
    XCTAssertEqual([outcome.width, outcome.height], [333, 201])
    XCTAssertEqual(outcome.size, Int64(jpeg.bytes.count))
    let (_, png) = try convert(jpeg, from: .jpeg, to: .png)
    let result = try Picture(png: png)
    XCTAssertEqual([result.width, result.height, result.channels], [333, 201, 3])
    XCTAssertLessThan(picture.meanError(result), 2)
  }

  func testConvert_PNGToPNG_KeepsEverySample() throws {
    for channels in 1...4 {
      let picture = Picture(40, 70, channels) { x, y, channel in x * 7 + y * 13 + channel * 50 }
      XCTAssertEqual(try Picture(png: convert(try picture.png(), from: .png, to: .png).file), picture)
    }
  }

  func testConvert_Grey_StaysGrey() throws {
    let picture = Picture.gradient(64, 64, 1)
    let (_, jpeg) = try convert(try picture.png(), from: .png, to: .jpeg)
    XCTAssertEqual(try Picture(jpeg: jpeg).channels, 1)
    let (_, png) = try convert(jpeg, from: .jpeg, to: .png)
    XCTAssertEqual(try Picture(png: png).channels, 1)
    XCTAssertLessThan(picture.meanError(try Picture(png: png)), 2)
  }

  func testConvert_AlphaToJPEG_ShowsTheBackground() throws {
    let halves = Picture(64, 32, 4) { x, _, channel in channel == 3 ? (x < 32 ? 0 : 255) : [200, 100, 50][channel] }
    for (name, colour) in [("white", [255, 255, 255]), ("#102030", [16, 32, 48])] {
      let (_, jpeg) = try convert(try halves.png(), from: .png, to: .jpeg, ["background": name, "quality": "95"])
      let expected = Picture(64, 32, 3) { x, _, channel in x < 32 ? colour[channel] : [200, 100, 50][channel] }
      XCTAssertLessThan(try Picture(jpeg: jpeg).meanError(expected), 2, name)
    }
  }

  func testConvert_GreyWithAlpha_TurnsToColourOnlyForAColouredBackground() throws {
    let picture = Picture(16, 16, 2) { _, _, channel in channel == 0 ? 90 : 128 }
    XCTAssertEqual(try Picture(jpeg: convert(try picture.png(), from: .png, to: .jpeg).file).channels, 1)
    let (_, red) = try convert(try picture.png(), from: .png, to: .jpeg, ["background": "red"])
    XCTAssertEqual(try Picture(jpeg: red).channels, 3)
  }

  func testConvert_LowerQuality_MakesASmallerFile() throws {
    let noise = Picture(128, 128, 3) { x, y, channel in (x * 7919 ^ y * 104_729 ^ channel * 31) >> 3 }
    let sizes = try ["10", "85", "100"].map {
      try convert(try noise.png(), from: .png, to: .jpeg, ["quality": $0]).outcome.size
    }
    XCTAssertEqual(sizes, sizes.sorted())
    XCTAssertLessThan(sizes[0] * 2, sizes[2])
  }

  func testConvert_OverLongerOldOutput_LeavesNothingOfIt() throws {
    let input = try Picture.gradient(8, 8, 3).png()
    let output = try TestFile([UInt8](repeating: 7, count: 50_000))
    let outcome = try Catalogue.standard.convert(
      Conversion(from: .png, to: .png), limits: ConversionLimits(),
      files: ConversionFiles(sources: [input.descriptor], output: output.descriptor))
    XCTAssertEqual(Int64(output.bytes.count), outcome.size)
  }

  func testConvert_WrongDeclaredType_SaysWhatTheFileIs() throws {
    let jpeg = try Picture.gradient(8, 8, 3).jpeg()
    let text = try TestFile(Array("hello there\n".utf8))
    let first = failure { _ = try convert(jpeg, from: .png, to: .jpeg) }
    XCTAssertEqual(first?.code, .formatMismatch)
    XCTAssertEqual(first?.message, "the file was declared as PNG but is a JPEG picture")
    let second = failure { _ = try convert(text, from: .png, to: .jpeg) }
    XCTAssertEqual(second?.message, "the file was declared as PNG but is text")
    XCTAssertEqual(second?.isWorkerDeath, false)
  }

  func testConvert_BombHeader_IsRefusedBeforeItsPixels() throws {
    for (width, height) in [(60_000, 60_000), (100, 1_000_001), (70_000, 1), (8000, 8000)] {
      var bomb = PNGBuilder(width: width, height: height, bits: 8, colorType: 6, interlaced: true)
      bomb.chunk("IDAT", [0x78, 0x01])
      let failed = failure { _ = try convert(try TestFile(bomb.bytes), from: .png, to: .jpeg) }
      XCTAssertEqual(failed?.code, .tooManyPixels, "\(width) x \(height)")
    }
  }

  func testConvert_WithATighterLimit_RefusesOnlyWhatIsOverIt() throws {
    let input = try Picture.gradient(100, 100, 3).png()
    XCTAssertNoThrow(try convert(input, from: .png, to: .jpeg, maxPixels: 10_000))
    let failed = failure { _ = try convert(input, from: .png, to: .jpeg, maxPixels: 9999) }
    XCTAssertEqual(failed?.code, .tooManyPixels)
  }

  func testConvert_DrawingToPNG_IsCompressedAsOne() throws {
    // Flat, with rows that come again: only a search for repeats makes it small.
    let drawing = Picture(200, 200, 3) { x, y, _ in (x / 4 * 73) ^ (y % 16 * 151) }
    let drawn = try convert(try drawing.png(), from: .png, to: .png).outcome.size
    XCTAssertLessThan(drawn, Int64(try drawing.png().bytes.count))
  }

  func testConvert_OutputHash_IsThatOfTheFile() throws {
    let (outcome, file) = try convert(try Picture.gradient(9, 9, 3).png(), from: .png, to: .jpeg)
    var hash = SHA256()
    file.bytes.withUnsafeBytes { hash.update($0) }
    XCTAssertEqual(outcome.sha256, hash.finish())
  }
}
