import Basics
import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

final class InspectionTests: XCTestCase {
  private func compare(_ one: Picture, _ other: Picture) throws -> PictureComparison {
    let files = try [one, other].map { try $0.png() }
    let readers = try files.map { try PNGReader($0.descriptor) }
    let comparison = try PictureComparison(readers[0], readers[1]) { _ in }
    withExtendedLifetime(files) {}
    return comparison
  }

  func testCompare_EqualPictures_AreAlikeInEveryMeasure() throws {
    let picture = Picture.gradient(37, 21, 3)
    XCTAssertEqual(
      try compare(picture, picture).json.text, #"{"ae":0,"mae":0,"ncc":1,"psnr":null,"rmse":0,"ssim":1}"#)
  }

  func testCompare_KnownDifference_HasItsMeasures() throws {
    let one = Picture(16, 16, 3) { x, y, _ in 100 + (x + y) % 2 }
    let other = Picture(16, 16, 3) { x, y, channel in 100 + (x + y) % 2 + (x < 8 && channel == 0 ? 51 : 0) }
    let comparison = try compare(one, other)
    XCTAssertEqual(comparison.differing, 128)
    XCTAssertEqual(comparison.meanAbsoluteError, 0.2 / 6, accuracy: 1e-9)
    XCTAssertEqual(comparison.rootMeanSquaredError, 0.2 / 6.0.squareRoot(), accuracy: 1e-9)
    XCTAssertEqual(comparison.peakSignalToNoise ?? 0, 21.7609, accuracy: 1e-3)
    XCTAssertLessThan(comparison.structuralSimilarity, 1)
    XCTAssertLessThan(comparison.crossCorrelation, 0.1)
  }

  func testCompare_OtherSides_NamesBoth() throws {
    let failed = failure { _ = try compare(Picture.gradient(8, 9, 3), Picture.gradient(9, 8, 3)) }
    XCTAssertEqual(failed?.message, "the pictures have different sides: 8 x 9 and 9 x 8")
  }

  func testMetadata_OfAPicture_TellsSidesResolutionAndEXIF() throws {
    let exif: [UInt8] =
      Array("II*\0".utf8) + [8, 0, 0, 0, 3, 0] + [0x0F, 1, 2, 0, 4, 0, 0, 0] + Array("Cam\0".utf8)
      + [0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0] + [0x9A, 0x82, 5, 0, 1, 0, 0, 0, 50, 0, 0, 0]
      + [0, 0, 0, 0] + [1, 0, 0, 0, 125, 0, 0, 0]
    let file = try TestFile()
    let header = PictureHeader(width: 20, height: 10, channels: 3)
    let writer = try JPEGWriter(
      file.descriptor, header, JPEGWriter.Settings(),
      PictureAttachments(exif: EXIF(exif), resolution: Resolution(dpi: 300)))
    try Picture.gradient(20, 10, 3).samples.withUnsafeBytes { try writer.write(10, from: $0) }
    _ = try writer.finish()
    let (outcome, document) = try convert(file, from: .jpeg, to: .json)
    XCTAssertEqual([outcome.width, outcome.height], [20, 10])
    XCTAssertEqual(
      String(decoding: document.bytes, as: UTF8.self),
      #"{"format":"jpeg","width":20,"height":10,"colour":"rgb","alpha":false,"dpi":300,"icc":null,"#
        + #""exif":{"Make":"Cam","Orientation":6,"ExposureTime":0.008}}"# + "\n")
  }

  func testEXIFFields_OfBrokenDirectories_AreWhatCanBeRead() {
    let whole: [UInt8] =
      Array("MM\0*".utf8) + [0, 0, 0, 8, 0xFF, 0xFF] + [0x01, 0x0F, 0, 2, 0, 0, 0, 3] + Array("Me\0\0".utf8)
      + [0x87, 0x69, 0, 4, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xF0]
    XCTAssertEqual(EXIFFields.read(EXIF(whole)).text, #"{"Make":"Me"}"#)
    for count in 0..<whole.count { _ = EXIFFields.read(EXIF(whole.prefix(count))) }
  }
}
