import CImage
import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// The sums that have a quick way for newer processors, against plain ones.
final class ChecksumsTests: XCTestCase {
  private static let bytes = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 0x9E37 >> 9) }
  private static let counts = Array(0...200) + [255, 256, 257, 5535, 5536, 5537, 5568, 11_072, 19_990]

  func testCRC_OfEveryLengthAndPlace_IsTheOneOfTheStandard() {
    for count in ChecksumsTests.counts {
      for offset in 0..<4 {
        let part = Array(ChecksumsTests.bytes[offset..<offset + count])
        var plain = CRC32()
        part.withUnsafeBytes { plain.update($0) }
        let expected = plain.finish().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        XCTAssertEqual(cimage_crc(0, part, count), expected, "\(count) bytes")
        let half = count / 2
        let continued = cimage_crc(cimage_crc(0, part, half), Array(part[half...]), count - half)
        XCTAssertEqual(continued, expected, "\(count) bytes in two parts")
      }
    }
  }

  func testAdler_OfEveryLength_IsTheOneOfTheStandard() {
    for bytes in [ChecksumsTests.bytes, [UInt8](repeating: 255, count: 20_000)] {
      for count in ChecksumsTests.counts {
        var (low, high) = (UInt32(1), UInt32(0))
        for byte in bytes[..<count] {
          low = (low + UInt32(byte)) % 65_521
          high = (high + low) % 65_521
        }
        XCTAssertEqual(cimage_adler(1, bytes, count), high << 16 | low, "\(count) bytes")
      }
    }
  }
}
