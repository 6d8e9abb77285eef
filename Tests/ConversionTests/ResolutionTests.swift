import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// Where a picture's resolution is found, and what is written of it.
final class ResolutionTests: XCTestCase {
  /// EXIF with a resolution across and down and its unit.
  private func exif(_ across: Int, _ down: Int, unit: Int?) -> [UInt8] {
    func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> ($0 * 8) & 255) } }
    let entries = unit == nil ? 2 : 3
    let values = 8 + 2 + entries * 12 + 4
    var bytes = Array("II*\0".utf8) + little(8, 4) + little(entries, 2)
    bytes += little(0x011A, 2) + little(5, 2) + little(1, 4) + little(values, 4)
    bytes += little(0x011B, 2) + little(5, 2) + little(1, 4) + little(values + 8, 4)
    if let unit { bytes += little(0x0128, 2) + little(3, 2) + little(1, 4) + little(unit, 4) }
    return bytes + little(0, 4) + little(across, 4) + little(1, 4) + little(down, 4) + little(1, 4)
  }

  private func jpeg(exif: [UInt8]? = nil, jfif: (unit: UInt8, across: UInt8, down: UInt8)? = nil) throws -> TestFile {
    let file = try TestFile()
    let writer = try JPEGWriter(
      file.descriptor, PictureHeader(width: 60, height: 40, channels: 3), JPEGWriter.Settings(),
      PictureAttachments(exif: exif.map { EXIF($0) }))
    try Picture.gradient(60, 40, 3).samples.withUnsafeBytes { try writer.write(40, from: $0) }
    _ = try writer.finish()
    var bytes = file.bytes
    // The unit and the two densities of JFIF.
    if let jfif { bytes.replaceSubrange(13..<18, with: [jfif.unit, 0, jfif.across, 0, jfif.down]) }
    return try TestFile(bytes)
  }

  private func inches(_ file: TestFile) throws -> [Int]? {
    let resolution = try JPEGReader(file.descriptor).resolution()
    return withExtendedLifetime(file) { resolution.map { [$0.perInch.across, $0.perInch.down] } }
  }

  func testJPEG_TellsItInJFIFOrElseInEXIF() throws {
    XCTAssertEqual(try inches(jpeg(jfif: (1, 200, 100))), [200, 100])
    XCTAssertEqual(try inches(jpeg(jfif: (2, 100, 50))), [254, 127])
    XCTAssertEqual(try inches(jpeg(exif: exif(300, 300, unit: 2), jfif: (1, 72, 72))), [72, 72])
    XCTAssertEqual(try inches(jpeg(exif: exif(300, 150, unit: 2), jfif: (0, 1, 1))), [300, 150])
    XCTAssertEqual(try inches(jpeg(exif: exif(300, 300, unit: nil))), [300, 300])
    XCTAssertEqual(try inches(jpeg(exif: exif(118, 59, unit: 3))), [300, 150])
    XCTAssertNil(try inches(jpeg(exif: exif(300, 300, unit: 1))))
    XCTAssertNil(try inches(jpeg(exif: exif(0, 0, unit: 2))))
    XCTAssertNil(try inches(jpeg()))
  }

  func testStripOff_WritesBothNumbersInEveryTarget() throws {
    let file = try jpeg(exif: exif(300, 150, unit: 2))
    for target in [Format.png, .jpeg, .bmp] {
      let (_, output) = try convert(file, from: .jpeg, to: target, ["strip": "false"])
      let json = String(decoding: try convert(output, from: target, to: .json).file.bytes, as: UTF8.self)
      XCTAssert(json.contains(#""dpi":300,"#) && json.contains(#""dpi_y":150"#), "\(target): \(json)")
      let (_, turned) = try convert(file, from: .jpeg, to: target, ["strip": "false", "rotate": "90"])
      let other = String(decoding: try convert(turned, from: target, to: .json).file.bytes, as: UTF8.self)
      XCTAssert(other.contains(#""dpi":150,"#) && other.contains(#""dpi_y":300"#), "\(target): \(other)")
    }
  }

  func testStripOff_WithAnotherResolution_LeavesNoContradictionInEXIF() throws {
    let (_, output) = try convert(
      try jpeg(exif: exif(118, 118, unit: 3)), from: .jpeg, to: .jpeg, ["strip": "false", "dpi": "96"])
    let reader = try JPEGReader(output.descriptor)
    XCTAssertEqual(try reader.resolution(), Resolution(dpi: 96))
    XCTAssertEqual(try reader.exif()?.resolution, Resolution(dpi: 96))
    withExtendedLifetime(output) {}
  }

  func testPDF_OfPixelsThatAreNotSquare_HasThePicturesSize() throws {
    for options in [[:], ["rotate": "90"]] {
      let (_, pdf) = try convert(
        try jpeg(exif: exif(60, 20, unit: 2)), from: .jpeg, to: .pdf, options)
      let text = String(decoding: pdf.bytes, as: Unicode.ASCII.self)
      XCTAssert(text.contains(options.isEmpty ? "/MediaBox [0 0 72 144]" : "/MediaBox [0 0 144 72]"), text)
    }
  }

  func testProfile_InPiecesOutOfOrderAndTwice_IsOne() throws {
    var profile = [UInt8](repeating: 7, count: 300)
    profile.replaceSubrange(0..<4, with: [0, 0, 1, 44])
    profile.replaceSubrange(16..<20, with: Array("RGB ".utf8))
    profile.replaceSubrange(36..<40, with: Array("acsp".utf8))
    func piece(_ number: UInt8, _ bytes: ArraySlice<UInt8>) -> [UInt8] {
      [0xFF, 0xE2, 0, UInt8(16 + bytes.count)] + Array("ICC_PROFILE\0".utf8) + [number, 2] + bytes
    }
    let (one, two) = (piece(1, profile[..<150]), piece(2, profile[150...] + [0, 0, 0]))
    let plain = try jpeg().bytes
    func found(_ bytes: some Sequence<UInt8>) throws -> [UInt8]? {
      let file = try TestFile(Array(bytes))
      let profile = try JPEGReader(file.descriptor).profile
      return withExtendedLifetime(file) { profile?.bytes }
    }
    for pieces in [[two, one], [one, two, one, two], [one, one, two]] {
      let bytes = plain.prefix(20) + pieces.joined() + plain.dropFirst(20)
      XCTAssertEqual(try found(bytes), profile)
    }
    let half = plain.prefix(20) + one + plain.dropFirst(20)
    XCTAssertNil(try found(half))
  }
}
