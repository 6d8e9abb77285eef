import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

final class OrientationTests: XCTestCase {
  /// A TIFF structure with one entry, the orientation.
  private func exif(_ value: Int, little: Bool = true, type: Int = 3, count: Int = 1, entries: Int = 1) -> [UInt8] {
    func number(_ value: Int, _ bytes: Int) -> [UInt8] {
      let ordered = (0..<bytes).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
      return little ? ordered : ordered.reversed()
    }
    let head = Array((little ? "II" : "MM").utf8) + number(42, 2) + number(8, 4) + number(entries, 2)
    let field = type == 3 ? number(value, 2) + [0, 0] : number(value, 4)
    return head + number(0x0112, 2) + number(type, 2) + number(count, 4) + field + number(0, 4)
  }

  func testOrientation_InBothByteOrders_IsFound() {
    for orientation in Orientation.allCases {
      for little in [true, false] {
        XCTAssertEqual(EXIF(exif(orientation.rawValue, little: little)).orientation, orientation)
        XCTAssertEqual(EXIF(exif(orientation.rawValue, little: little, type: 4)).orientation, orientation)
      }
    }
  }

  func testOrientation_InBrokenDirectories_IsNil() {
    XCTAssertNil(EXIF(exif(0)).orientation)
    XCTAssertNil(EXIF(exif(9)).orientation)
    XCTAssertNil(EXIF(exif(6, count: 2)).orientation)
    let whole = exif(6, entries: 65_535)
    XCTAssertEqual(EXIF(whole).orientation, .quarterTurned)
    for count in 0..<22 { XCTAssertNil(EXIF(whole.prefix(count)).orientation, "\(count)") }
    for offset in [0, 7, 9, 20, 0x7FFF_FFFF, 0xFFFF_FFFF] {
      var bytes = whole
      for index in 0..<4 { bytes[4 + index] = UInt8(truncatingIfNeeded: offset >> (index * 8)) }
      XCTAssertNil(EXIF(bytes).orientation, "\(offset)")
    }
  }

  func testConvert_OrientedJPEGAndPNG_TurnsThePicture() throws {
    // One pixel step each way, as the file stores it, and where the top left corner comes to lie.
    let picture = Picture(80, 48, 3) { x, y, channel in [x * 3, y * 5, 60][channel] }
    for orientation in Orientation.allCases {
      let expected = picture.turned(orientation)
      let (_, fromPNG) = try convert(try withEXIF(picture.png(), orientation), from: .png, to: .png)
      XCTAssertEqual(try Picture(png: fromPNG), expected, "\(orientation)")
      let (outcome, fromJPEG) = try convert(try withEXIF(jpeg: picture.jpeg(), orientation), from: .jpeg, to: .png)
      XCTAssertLessThan(try Picture(png: fromJPEG).meanError(expected), 2, "\(orientation)")
      XCTAssertEqual([outcome.width, outcome.height], [expected.width, expected.height])
    }
  }

  func testConvert_WithoutAutoOrient_LeavesThePictureAsItIs() throws {
    let picture = Picture.gradient(40, 20, 3)
    let file = try withEXIF(picture.png(), .quarterTurned)
    XCTAssertEqual(try Picture(png: convert(file, from: .png, to: .png, ["auto_orient": "false"]).file), picture)
  }

  func testConvert_TurnOverTheMemoryLimit_FailsWithItsReason() throws {
    let file = try withEXIF(Picture.gradient(400, 300, 3).png(), .transposed)
    var limits = ConversionLimits()
    limits.memoryBytes = 400_000
    let output = try TestFile()
    let failed = failure {
      _ = try Catalogue.standard.convert(
        Conversion(from: .png, to: .png), limits: limits,
        files: ConversionFiles(sources: [file.descriptor], output: output.descriptor))
    }
    withExtendedLifetime((file, output)) {}
    XCTAssertEqual(failed?.code, .memoryLimit)
  }

  private func withEXIF(_ file: TestFile, _ orientation: Orientation) throws -> TestFile {
    var builder = PNGBuilder(width: 1, height: 1, bits: 8, colorType: 0)
    let start = builder.bytes.count
    builder.chunk("eXIf", exif(orientation.rawValue, little: false))
    let whole = file.bytes
    return try TestFile(Array(whole.prefix(start)) + builder.bytes[start...] + whole[start...])
  }

  private func withEXIF(jpeg file: TestFile, _ orientation: Orientation) throws -> TestFile {
    let payload = Array("Exif\0\0".utf8) + exif(orientation.rawValue)
    let length = payload.count + 2
    let whole = file.bytes
    return try TestFile(
      Array(whole.prefix(2)) + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + payload + whole[2...])
  }
}

extension Picture {
  /// By the words of EXIF: what row and column 0 of the stored picture are in the shown one.
  fileprivate func turned(_ orientation: Orientation) -> Picture {
    let (last, low) = (width - 1, height - 1)
    func pixel(_ x: Int, _ y: Int, _ channel: Int) -> Int { Int(samples[(y * width + x) * channels + channel]) }
    func make(_ swaps: Bool, _ place: (Int, Int) -> (Int, Int)) -> Picture {
      Picture(swaps ? height : width, swaps ? width : height, channels) { x, y, channel in
        let (sourceX, sourceY) = place(x, y)
        return pixel(sourceX, sourceY, channel)
      }
    }
    return switch orientation {
    case .upright: self
    case .mirrored: make(false) { (last - $0, $1) }
    case .halfTurned: make(false) { (last - $0, low - $1) }
    case .flipped: make(false) { ($0, low - $1) }
    case .transposed: make(true) { ($1, $0) }
    case .quarterTurned: make(true) { ($1, low - $0) }
    case .transversed: make(true) { (last - $1, low - $0) }
    case .threeQuarterTurned: make(true) { (last - $1, $0) }
    }
  }

  func testSegments_BehindBytesThatBelongToNone_AreFound() throws {
    let note = Array("Exif\0\0".utf8) + [1, 2, 3]
    let bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xFE, 0, 3, 7, 0, 0xFF, 0, 9, 0xFF, 0xE1, 0, UInt8(note.count + 2)]
    let file = try TestFile(bytes + note + [0xFF, 0xDA])
    let found = try JPEGSegments.first(0xE1, label: Array("Exif\0\0".utf8), in: ByteInput(descriptor: file.descriptor))
    XCTAssertEqual(found.map(Array.init), [1, 2, 3])
  }
}
