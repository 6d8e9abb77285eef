import Basics
import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// Files of the old formats whose headers say something else than their content.
final class OddHeadersTests: XCTestCase {
  private func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  private func read(_ bytes: [UInt8], _ format: Format) throws -> Picture {
    let file = try TestFile(bytes)
    XCTAssertEqual(try Sniffer.type(ofFile: file.descriptor).best, format)
    return try Picture(png: convert(file, from: format, to: .png).file)
  }

  /// A bitmap of an icon: 4 x 2 pixels of 32 bits, blue to red, with one alpha, and a mask that hides the left half.
  private func bitmap(alpha: UInt8, isTopDown: Bool = false, hasMask: Bool = true) -> [UInt8] {
    var bytes = little(40, 4) + little(4, 4) + little(isTopDown ? -4 : 4, 4) + little(1, 2) + little(32, 2)
    bytes += [UInt8](repeating: 0, count: 24)
    var rows: [[UInt8]] = [[], []]
    for y in 0..<2 {
      for x in 0..<4 { rows[y] += [UInt8(y * 10), 50, UInt8(x), alpha] }
    }
    for row in isTopDown ? rows : rows.reversed() { bytes += row }
    for _ in 0..<2 where hasMask { bytes += [0b1100_0000, 0, 0, 0] }
    return bytes
  }

  private func icon(
    _ pictures: [[UInt8]], sides: [UInt8] = [0, 0], size: Int? = nil, type: UInt8 = 1
  ) -> [UInt8] {
    var bytes: [UInt8] = [0, 0, type, 0] + little(pictures.count, 2)
    var offset = 6 + 16 * pictures.count
    for picture in pictures {
      bytes += sides + [0, 0, 1, 0, 32, 0] + little(size ?? picture.count, 4) + little(offset, 4)
      offset += picture.count
    }
    return bytes + pictures.joined()
  }

  func testIcon_AlphaThatIsZeroEverywhere_GivesWayToTheMask() throws {
    for isTopDown in [false, true] {
      let shown = try read(icon([bitmap(alpha: 0, isTopDown: isTopDown)]), .ico)
      XCTAssertEqual(shown, Picture(4, 2, 4) { x, y, channel in [x, 50, y * 10, x < 2 ? 0 : 255][channel] })
    }
    let half = try read(icon([bitmap(alpha: 128)]), .ico)
    XCTAssertEqual(half, Picture(4, 2, 4) { x, y, channel in [x, 50, y * 10, 128][channel] })
    let bare = try read(icon([bitmap(alpha: 0, hasMask: false)]), .ico)
    XCTAssertEqual(bare, Picture(4, 2, 4) { x, y, channel in [x, 50, y * 10, 255][channel] })
  }

  func testIcon_DirectoryWithWrongSidesAndSizes_IsReadByItsContent() throws {
    let small = try Picture.gradient(5, 5, 4).png().bytes
    let large = Picture.gradient(30, 20, 4)
    for sides: [UInt8] in [[0, 0], [1, 1], [64, 3]] {
      for type: UInt8 in [1, 2] {
        let format: Format = type == 1 ? .ico : .cur
        let bytes = icon([small, try large.png().bytes, small], sides: sides, type: type)
        XCTAssertEqual(try read(bytes, format), large)
        XCTAssertEqual(try read(icon([bitmap(alpha: 9)], sides: sides, size: 1 << 20, type: type), format).width, 4)
      }
    }
  }

  private func tga(
    _ pixels: [UInt8], kind: UInt8 = 2, map: [UInt8] = [0, 0, 0, 0, 0], bits: UInt8, flags: UInt8
  ) -> [UInt8] {
    [0, 0, kind] + map + [0, 0, 0, 0, 2, 0, 1, 0, bits, 0x20 | flags] + pixels
  }

  func testTGA_WithAMapThatIsDescribedAndNotThere_IsNoCursor() throws {
    let expected = Picture(2, 1, 3) { x, _, channel in [x * 9, 20, 30][channel] }
    let pixels: [UInt8] = [30, 20, 0, 30, 20, 9]
    for map: [UInt8] in [[0, 0, 0, 0, 24], [0, 0, 0, 0, 16], [0, 0, 0, 1, 24], [0, 0, 0, 0, 8]] {
      XCTAssertEqual(try read(tga(pixels, map: map, bits: 24, flags: 0), .tga), expected, "\(map)")
      XCTAssertEqual(try read(tga([1] + pixels, kind: 10, map: map, bits: 24, flags: 0), .tga), expected, "\(map)")
    }
  }

  func testTGA_AlphaThatSaysNothing_IsLeftOut() throws {
    let opaque = Picture(2, 1, 3) { x, _, channel in [x * 9, 20, 30][channel] }
    for flags: UInt8 in [0, 8] {
      XCTAssertEqual(try read(tga([30, 20, 0, 0, 30, 20, 9, 0], bits: 32, flags: flags), .tga), opaque)
      let some = try read(tga([30, 20, 0, 0, 30, 20, 9, 7], bits: 32, flags: flags), .tga)
      XCTAssertEqual(some, Picture(2, 1, 4) { x, _, channel in [x * 9, 20, 30, x * 7][channel] })
    }
    XCTAssertEqual(try read(tga([0, 0x80, 0, 0], bits: 16, flags: 0), .tga).channels, 3)
    XCTAssertEqual(try read(tga([0, 0x80, 0, 0], bits: 16, flags: 1), .tga).samples, [0, 0, 0, 0, 0, 0, 0, 255])
  }

  /// A bitmap file of one row of four grey pixels, 8 bits each.
  private func bmp(header: Int = 40, pixels: (Int) -> Int, colours: Int = 256, stored: Int = 256) -> [UInt8] {
    var info = little(header, 4)
    for (value, count) in [
      (4, 4), (1, 4), (1, 2), (8, 2), (0, 4), (0, 4), (11_811, 4), (5906, 4), (colours, 4), (0, 4),
    ] {
      info += little(value, count)
    }
    info = Array((info + [UInt8](repeating: 0, count: 100)).prefix(header))
    var palette: [UInt8] = []
    for index in 0..<stored { palette += [UInt8](repeating: UInt8(255 - index), count: 3) + [0] }
    let place = pixels(14 + header)
    var bytes = Array("BM".utf8) + little(0, 8) + little(place, 4)
    bytes += info
    bytes += palette
    return bytes + [0, 1, 2, 3]
  }

  func testBMP_HeadersOfAnySize_AreRead() throws {
    let expected = Picture(4, 1, 1) { x, _, _ in 255 - x }
    for header in [16, 20, 36, 40, 44, 52, 56, 60, 64, 100, 108, 120, 124] {
      XCTAssertEqual(try read(bmp(header: header, pixels: { $0 + 1024 }), .bmp), expected, "\(header)")
    }
    let file = try TestFile(bmp(pixels: { $0 + 1024 }))
    let resolution = try BMPReader(file.descriptor, ConversionLimits()).resolution()?.perInch
    withExtendedLifetime(file) {}
    XCTAssertEqual([resolution?.across, resolution?.down], [300, 150])
    for header in [13, 15, 125] {
      let failed = failure { _ = try read(bmp(header: header, pixels: { $0 + 1024 }), .bmp) }
      XCTAssertEqual(failed?.code, .unsupportedConversion)
    }
  }

  func testBMP_PixelsThatWouldBeginInThePalette_AreReadRightOrRefused() throws {
    let expected = Picture(4, 1, 1) { x, _, _ in 255 - x }
    // A wrong place before a whole palette, and a right one behind a short palette.
    XCTAssertEqual(try read(bmp(pixels: { $0 + 200 }), .bmp), expected)
    XCTAssertEqual(try read(bmp(pixels: { $0 + 16 }, stored: 4), .bmp), expected)
    let failed = failure { _ = try read(bmp(pixels: { $0 + 200 }) + [UInt8](repeating: 7, count: 100), .bmp) }
    XCTAssertEqual(failed?.code, .damagedFile)
  }

  func testBMP_PalettesShorterThanTheirKind_EndWhereThePixelsBegin() throws {
    let expected = Picture(4, 1, 1) { x, _, _ in 255 - x }
    XCTAssertEqual(try read(bmp(pixels: { $0 + 16 }, stored: 4) + [UInt8](repeating: 7, count: 10), .bmp), expected)
    // Three bytes each, so that one entry less is as much as an end may be off.
    for stored in [4, 255] {
      var bytes = Array("BM".utf8) + little(0, 8) + little(26 + stored * 3, 4) + little(12, 4)
      for value in [4, 1, 1, 8] { bytes += little(value, 2) }
      for index in 0..<stored { bytes += [UInt8](repeating: UInt8(255 - index), count: 3) }
      XCTAssertEqual(try read(bytes + [0, 1, 2, 3], .bmp), expected, "\(stored)")
    }
  }

  func testTGA_PalettesHaveTheAlphaThatIsAnnounced() throws {
    func map(_ bits: UInt8, flags: UInt8) throws -> Picture {
      let head: [UInt8] = [0, 1, 1, 0, 0, 2, 0, bits, 0, 0, 0, 0, 2, 0, 1, 0, 8, 0x20 | flags]
      return try read(head + [0, 0xFC, 0, 0, 0, 1], .tga)
    }
    let opaque = Picture(2, 1, 3) { x, _, channel in x == 0 && channel == 0 ? 255 : 0 }
    XCTAssertEqual(try map(15, flags: 0), opaque)
    XCTAssertEqual(try map(15, flags: 1), opaque)
    XCTAssertEqual(try map(16, flags: 0), opaque)
    XCTAssertEqual(try map(16, flags: 1).samples, [255, 0, 0, 0, 0, 0, 0, 255])
  }

  func testIcon_HasTheColoursOfItsPicture() throws {
    var builder = PNGBuilder(width: 1, height: 1, bits: 8, colorType: 2)
    builder.chunk("gAMA", [0, 1, 0x86, 0xA0])
    builder.finish(rows: [[133, 135, 81]])
    XCTAssertEqual(try read(icon([builder.bytes]), .ico).samples, [191, 192, 153])
  }

  func testBMP_AlphaThatIsZeroEverywhere_IsLeftOut() throws {
    var bytes = try Picture(3, 2, 4) { x, y, channel in [x, y, 7, 0][channel] }.bmpBytes()
    XCTAssertEqual(try read(bytes, .bmp), Picture(3, 2, 3) { x, y, channel in [x, y, 7][channel] })
    bytes[bytes.count - 1] = 1
    XCTAssertEqual(try read(bytes, .bmp).channels, 4)
  }

  func testPAM_KindsThatAreNotShown_AreRefusedByName() throws {
    let text = "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE CMYK\nENDHDR\nabcd"
    let failed = failure { _ = try read(Array(text.utf8), .pam) }
    XCTAssertEqual(failed?.code, .unsupportedConversion)
    XCTAssertEqual(failed?.message.contains("CMYK"), true)
    let bits = "P7\nWIDTH 2\nHEIGHT 1\nDEPTH 2\nMAXVAL 1\nTUPLTYPE BLACKANDWHITE_ALPHA\nENDHDR\n"
    XCTAssertEqual(try read(Array(bits.utf8) + [0, 1, 1, 0], .pam).samples, [0, 255, 255, 0])
  }
}

extension Picture {
  fileprivate func bmpBytes() throws -> [UInt8] { try convert(try png(), from: .png, to: .bmp).file.bytes }
}
