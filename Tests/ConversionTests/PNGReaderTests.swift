import Glibc
import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

final class PNGReaderTests: XCTestCase {
  private func read(_ builder: PNGBuilder) throws -> Picture {
    try Picture(png: try TestFile(builder.bytes))
  }

  func testRead_PaletteWithTransparency_GivesRGBA() throws {
    var builder = PNGBuilder(width: 3, height: 1, bits: 8, colorType: 3)
    builder.chunk("PLTE", [10, 20, 30, 40, 50, 60])
    builder.chunk("tRNS", [128])
    builder.finish(rows: [[0, 1, 0]])
    let expected: [UInt8] = [10, 20, 30, 128, 40, 50, 60, 255, 10, 20, 30, 128]
    XCTAssertEqual(try read(builder).samples, expected)
  }

  func testRead_SixteenBits_KeepsTheHighByte() throws {
    var builder = PNGBuilder(width: 2, height: 1, bits: 16, colorType: 0)
    builder.finish(rows: [[0x12, 0xFF, 0x80, 0x00]])
    XCTAssertEqual(try read(builder).samples, [0x12, 0x80])
  }

  func testRead_FewBitsOfGrey_FillsTheRange() throws {
    var builder = PNGBuilder(width: 4, height: 1, bits: 2, colorType: 0)
    builder.finish(rows: [[0b00_01_10_11]])
    XCTAssertEqual(try read(builder).samples, [0, 85, 170, 255])
  }

  func testRead_Interlaced_PutsEveryPixelInItsPlace() throws {
    let picture = Picture(5, 5, 1) { x, y, _ in y * 50 + x * 10 }
    // The seven passes of PNG section 8.2: first x, first y, steps.
    let passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    var rows: [[UInt8]] = []
    for (left, top, across, down) in passes {
      for y in stride(from: top, to: 5, by: down) {
        rows.append(stride(from: left, to: 5, by: across).map { picture.samples[y * 5 + $0] })
      }
    }
    var builder = PNGBuilder(width: 5, height: 5, bits: 8, colorType: 0, interlaced: true)
    builder.finish(rows: rows.filter { !$0.isEmpty })
    XCTAssertEqual(try read(builder), picture)
  }

  func testRead_CutAnywhere_IsDamaged() throws {
    let whole = try Picture.gradient(60, 60, 3).png().bytes
    for count in stride(from: 8, to: whole.count, by: 97) + [whole.count - 1, whole.count - 12] {
      let failed = failure { _ = try Picture(png: try TestFile(Array(whole.prefix(count)))) }
      XCTAssertEqual(failed?.code, .damagedFile, "\(count) bytes")
    }
  }

  func testRead_WrongChecksum_IsReadPastAndTold() throws {
    var bytes = try Picture.gradient(60, 60, 3).png().bytes
    bytes[bytes.count - 13] ^= 1
    let file = try TestFile(bytes)
    let reader = try PNGReader(file.descriptor)
    let rows = try PixelRows(rows: 60, bytesPerRow: reader.header.bytesPerRow)
    try reader.read(60, into: rows.bytes(60))
    try reader.finish()
    withExtendedLifetime(file) {}
    XCTAssertEqual(Array(rows.bytes(60)), Picture.gradient(60, 60, 3).samples)
    XCTAssertEqual(reader.damage, [.checksumWrong])
  }

  func testRead_PngSuite_AcceptsTheGoodAndRefusesTheBroken() throws {
    guard let corpora = getenv("TEST_CORPORA") else { throw XCTSkip("TEST_CORPORA is not set") }
    let folder = String(cString: corpora) + "/pngsuite/pngsuite"
    var counts = (accepted: 0, refused: 0)
    for name in try Folder.names(in: folder) where name.hasSuffix(".png") {
      let file = open("\(folder)/\(name)", O_RDONLY)
      defer { close(file) }
      let output = try TestFile()
      let result = Result {
        try Catalogue.standard.convert(
          Conversion(from: .png, to: .jpeg), limits: ConversionLimits(),
          files: ConversionFiles(sources: [file], output: output.descriptor))
      }
      withExtendedLifetime(output) {}
      // Only a sum over the pixels' data is wrong in the one broken file that is a picture all the same.
      let isRefused = name.hasPrefix("x") && name != "xcsn0g01.png"
      XCTAssertEqual((try? result.get()) == nil, isRefused, "\(name): \(result)")
      if case .success = result { counts.accepted += 1 } else { counts.refused += 1 }
    }
    XCTAssertEqual(counts.accepted, 162)
    XCTAssertEqual(counts.refused, 13)
  }
}
