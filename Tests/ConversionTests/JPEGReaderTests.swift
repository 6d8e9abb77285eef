import Basics
import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

final class JPEGReaderTests: XCTestCase {
  private func sample(_ text: String) throws -> TestFile {
    try TestFile(try XCTUnwrap(Hexadecimal.decode(text)))
  }

  func testRead_Progressive_LooksAsItShould() throws {
    let expected = Picture(16, 16, 3) { x, y, channel in [x * 15, y * 15, (x + y) * 7][channel] }
    let picture = try Picture(jpeg: try sample(JPEGSamples.progressive))
    XCTAssertLessThan(picture.meanError(expected), 12)
  }

  func testRead_AdobeCMYK_ComesOutAsRGB() throws {
    let picture = try Picture(jpeg: try sample(JPEGSamples.inverted))
    XCTAssertEqual(picture.channels, 3)
    let expected = Picture(8, 8, 3) { x, _, channel in x < 4 ? (channel == 0 ? 255 : 0) : 127 }
    XCTAssertLessThan(picture.meanError(expected), 1)
  }

  func testRead_CutAnywhere_IsDamaged() throws {
    let whole = try Picture.gradient(160, 160, 3).jpeg().bytes
    for count in stride(from: 3, to: whole.count - 3, by: 61) + [whole.count - 3] {
      let failed = failure { _ = try Picture(jpeg: try TestFile(Array(whole.prefix(count)))) }
      XCTAssertEqual(failed?.code, .damagedFile, "\(count) of \(whole.count) bytes")
    }
  }

  func testRead_BytesAfterTheEnd_AreIgnored() throws {
    let whole = try Picture.gradient(32, 32, 3).jpeg().bytes
    XCTAssertNoThrow(try Picture(jpeg: try TestFile(whole + Array("trailing".utf8))))
  }

  func testRead_SideOver65500_IsTooManyPixels() throws {
    var bytes = try Picture.gradient(32, 32, 3).jpeg().bytes
    let frame = try XCTUnwrap(bytes.indices.first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
    bytes.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xFF, 0xFF, 0xFF])
    let failed = failure { _ = try convert(try TestFile(bytes), from: .jpeg, to: .png) }
    XCTAssertEqual(failed?.code, .tooManyPixels)
  }

  /// The frame's marker and its bits a sample are all that such a file differs in for whoever looks at its head.
  func testRead_OfOtherKinds_IsRefusedByName() throws {
    let whole = try Picture.gradient(32, 32, 3).jpeg().bytes
    let frame = try XCTUnwrap(whole.indices.first { whole[$0] == 0xFF && whole[$0 + 1] == 0xC0 })
    let kinds: [(marker: UInt8, bits: UInt8, name: String)] = [
      (0xC9, 8, "arithmetic coding"), (0xCA, 8, "arithmetic coding"), (0xCB, 8, "arithmetic coding"),
      (0xC1, 12, "JPEG of 12 bits a sample"), (0xC2, 12, "JPEG of 12 bits a sample"), (0xC3, 8, "lossless JPEG"),
      (0xC5, 8, "hierarchical JPEG"), (0xCD, 8, "arithmetic coding"),
    ]
    for (marker, bits, name) in kinds {
      var bytes = whole
      bytes[frame + 1] = marker
      bytes[frame + 4] = bits
      for options in [[:], ["allow_damaged": "true"]] {
        let failed = failure { _ = try convert(try TestFile(bytes), from: .jpeg, to: .png, options) }
        XCTAssertEqual(failed?.code, .unsupportedConversion, name)
        XCTAssertEqual(failed?.message.contains(name), true, failed?.message ?? "")
      }
    }
  }

  func testRead_MoreThan500Scans_IsRefused() throws {
    var bytes = try XCTUnwrap(Hexadecimal.decode(JPEGSamples.progressive))
    let scan = try XCTUnwrap(bytes.indices.last { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA })
    let last = Array(bytes[scan..<bytes.count - 2])
    bytes.removeLast(2)
    for _ in 0..<600 { bytes += last }
    bytes += [0xFF, 0xD9]
    let failed = failure { _ = try Picture(jpeg: try TestFile(bytes)) }
    XCTAssertNotNil(failed)
  }

  func testProfile_OfRGB_IsCarriedThroughBothFormats() throws {
    var profile = [UInt8](repeating: 0, count: 132) + (0..<200).map { UInt8(truncatingIfNeeded: $0 * $0 * 7919 >> 4) }
    profile.replaceSubrange(0..<4, with: [0, 0, 1, 76])
    profile.replaceSubrange(8..<9, with: [2])
    profile.replaceSubrange(12..<16, with: Array("mntr".utf8))
    profile.replaceSubrange(16..<20, with: Array("RGB ".utf8))
    profile.replaceSubrange(20..<24, with: Array("XYZ ".utf8))
    profile.replaceSubrange(36..<40, with: Array("acsp".utf8))
    profile.replaceSubrange(68..<80, with: [0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D])
    let input = try TestFile()
    let header = PictureHeader(width: 8, height: 8, channels: 3)
    let writer = try JPEGWriter(
      input.descriptor, header, JPEGWriter.Settings(quality: 90),
      PictureAttachments(
        profile: profile.withUnsafeBufferPointer { ColourProfile($0.baseAddress, count: $0.count) }))
    try Picture.gradient(8, 8, 3).samples.withUnsafeBytes { try writer.write(8, from: $0) }
    _ = try writer.finish()
    let (_, png) = try convert(input, from: .jpeg, to: .png)
    XCTAssertEqual(try PNGReader(png.descriptor).profile?.bytes, profile)
    let (_, jpeg) = try convert(png, from: .png, to: .jpeg)
    XCTAssertEqual(try JPEGReader(jpeg.descriptor).profile?.bytes, profile)
  }
}
