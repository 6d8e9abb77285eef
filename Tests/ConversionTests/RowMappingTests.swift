import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

final class RowMappingTests: XCTestCase {
  func testApply_EverySampleAndAlpha_RoundsToTheNearest() throws {
    let mapping = try XCTUnwrap(RowMapping(flattening: 2, over: Colour(red: 77, green: 77, blue: 77)))
    for alpha in 0...255 {
      let input = (0...255).flatMap { [UInt8($0), UInt8(alpha)] }
      var output = [UInt8](repeating: 0, count: 256)
      input.withUnsafeBytes { source in output.withUnsafeMutableBytes { mapping.apply(256, from: source, to: $0) } }
      let expected = (0...255).map { UInt8((Double($0 * alpha + 77 * (255 - alpha)) / 255).rounded()) }
      XCTAssertEqual(output, expected, "alpha \(alpha)")
    }
  }

  func testApply_ColourOfEverySampleAndAlpha_RoundsToTheNearest() throws {
    let colour = Colour(red: 255, green: 0, blue: 77)
    let mapping = try XCTUnwrap(RowMapping(flattening: 4, over: colour))
    for alpha in 0...255 {
      // An odd number of pixels, for they are taken in pairs.
      let input = (0...254).flatMap { [UInt8($0), UInt8(255 - $0), UInt8($0), UInt8(alpha)] }
      var output = [UInt8](repeating: 0, count: 255 * 3)
      input.withUnsafeBytes { source in output.withUnsafeMutableBytes { mapping.apply(255, from: source, to: $0) } }
      func mixed(_ sample: Int, _ under: Int) -> UInt8 {
        UInt8((Double(sample * alpha + under * (255 - alpha)) / 255).rounded())
      }
      let expected = (0...254).flatMap { [mixed($0, 255), mixed(255 - $0, 0), mixed($0, 77)] }
      XCTAssertEqual(output, expected, "alpha \(alpha)")
    }
  }

  func testInit_WithoutAlpha_NeedsNoMapping() {
    XCTAssertNil(RowMapping(flattening: 1, over: .white))
    XCTAssertNil(RowMapping(flattening: 3, over: .white))
  }
}
