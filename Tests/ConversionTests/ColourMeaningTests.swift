import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// Pictures that say their colours without a profile look the same in targets that cannot say it.
final class ColourMeaningTests: XCTestCase {
  private static let adobe = [31_270, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6000]
  private static let usual = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6000]

  private func big(_ values: [Int]) -> [UInt8] {
    values.flatMap { value in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
  }

  /// One pixel with these chunks before it, as the target shows it.
  private func shown(_ pixel: [UInt8], _ chunks: [(String, [UInt8])], type: Int = 2, to: Format = .png) throws
    -> [UInt8]
  {
    var builder = PNGBuilder(width: 1, height: 1, bits: 8, colorType: type)
    for (name, data) in chunks { builder.chunk(name, data) }
    builder.finish(rows: [pixel])
    let (_, output) = try convert(try TestFile(builder.bytes), from: .png, to: to)
    return try Picture(png: convert(output, from: to, to: .png).file).samples
  }

  func testGamma_OfLinearLight_BecomesThatOfTheScreen() throws {
    let linear = ("gAMA", big([100_000]))
    XCTAssertEqual(try shown([133, 135, 81], [linear]), [191, 192, 153])
    XCTAssertEqual(try shown([133, 135, 81, 9], [linear], type: 6), [191, 192, 153, 9])
    XCTAssertEqual(try shown([133], [linear], type: 0), [191])
    XCTAssertEqual(try shown([133, 135, 81], [linear], to: .bmp), [191, 192, 153])
    XCTAssertEqual(try shown([0, 255, 0], [linear]), [0, 255, 0])
    // What a code that cannot be followed leaves open is told by the others.
    XCTAssertEqual(try shown([133, 135, 81], [("cICP", [1, 13, 0, 0]), linear]), [191, 192, 153])
  }

  func testPrimaries_OfAWiderScreen_BecomeThoseOfTheUsualOne() throws {
    let chunks = [("gAMA", big([45_455])), ("cHRM", big(Self.adobe))]
    XCTAssertEqual(try shown([133, 135, 81], chunks), [133, 136, 76])
    XCTAssertEqual(try Set(shown([80, 80, 80], chunks)).count, 1)
    XCTAssertEqual(try shown([255, 255, 255], chunks), [255, 255, 255])
    XCTAssertEqual(try shown([255, 0, 0], [("cICP", [12, 13, 0, 1])]), [255, 0, 0])
    XCTAssertEqual(try shown([200, 100, 100], [("cICP", [12, 13, 0, 1])]), [215, 93, 97])
  }

  func testUsualColours_HoweverSaid_AreUntouched() throws {
    let pixel: [UInt8] = [133, 135, 81]
    let cases: [[(String, [UInt8])]] = [
      [], [("sRGB", [0])], [("gAMA", big([45_455]))], [("gAMA", big([45_455])), ("cHRM", big(Self.usual))],
      [("cICP", [1, 13, 0, 1]), ("gAMA", big([100_000]))], [("sRGB", [0]), ("gAMA", big([100_000]))],
      [("gAMA", big([0]))], [("gAMA", [1, 2])], [("cICP", [9, 16, 0, 1])],
      [("cHRM", big([0, 0, 0, 0, 0, 0, 0, 0]))], [("cHRM", big([1, 1, 1, 1, 1, 1, 1, 1]))],
    ]
    for chunks in cases { XCTAssertEqual(try shown(pixel, chunks), pixel, "\(chunks)") }
  }
}
