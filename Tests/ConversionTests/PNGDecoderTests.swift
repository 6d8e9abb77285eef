import Glibc
import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// Our own decoder against libpng: the same pixels, or the same refusal.
final class PNGDecoderTests: XCTestCase {
  private static let colorTypes = [(type: 0, bytes: 1), (2, 3), (3, 1), (4, 2), (6, 4)]

  private struct Outcome: Equatable {
    var pixels: [UInt8] = []
    var failure: ConversionFailure?
    var isOwn = false

    /// What comes out of a damaged file before the damage is found may be more or less, but nothing else.
    static func == (left: Outcome, right: Outcome) -> Bool {
      let count =
        left.failure == nil ? max(left.pixels.count, right.pixels.count) : min(left.pixels.count, right.pixels.count)
      return left.failure == right.failure && left.pixels.prefix(count) == right.pixels.prefix(count)
    }
  }

  private func read(_ bytes: [UInt8], _ codec: PNGCodec) throws -> Outcome {
    let file = try TestFile(bytes)
    var outcome = Outcome()
    do throws(ConversionFailure) {
      let reader = try PNGReader(file.descriptor, codec)
      let rows = try PixelRows(rows: 5, bytesPerRow: reader.header.bytesPerRow)
      while reader.rowsDone < reader.header.height {
        let count = min(5, reader.header.height - reader.rowsDone)
        try reader.read(count, into: rows.bytes(count))
        outcome.pixels += rows.bytes(count)
      }
      try reader.finish()
      outcome.isOwn = reader.isOwnDecoder
    } catch {
      outcome.failure = error
    }
    withExtendedLifetime(file) {}
    return outcome
  }

  @discardableResult
  private func assertSame(
    _ bytes: [UInt8], _ name: @autoclosure () -> String, file: StaticString = #filePath, line: UInt = #line
  ) throws -> Outcome {
    let (own, library) = (try read(bytes, .fast), try read(bytes, .lib))
    XCTAssertFalse(library.isOwn)
    XCTAssert(
      own == library, "\(name()): \(own.failure?.message ?? "") \(library.failure?.message ?? "")", file: file,
      line: line)
    return own
  }

  /// A picture of pseudo-random rows, each with the next of `filters` in front.
  private func picture(
    type: Int, pixelBytes: Int, width: Int, height: Int, filters: [UInt8], level: Int = 6, noise: Bool = true,
    chunkBytes: Int = .max
  ) throws -> [UInt8] {
    var builder = PNGBuilder(width: width, height: height, bits: 8, colorType: type)
    if type == 3 {
      builder.chunk("PLTE", (0..<768).map { UInt8(truncatingIfNeeded: $0 * 7) })
      builder.chunk("tRNS", (0..<100).map { UInt8($0 * 2) })
    }
    var state: UInt32 = 0x9E37_79B9
    var raw: [UInt8] = []
    for row in 0..<height {
      raw.append(filters[row % filters.count])
      for place in 0..<width * pixelBytes {
        state = state &* 1_664_525 &+ 1_013_904_223
        raw.append(noise ? UInt8(state >> 24) : UInt8(truncatingIfNeeded: place / 40 + row / 9))
      }
    }
    builder.finish(raw: raw, level: level, chunkBytes: chunkBytes)
    return builder.bytes
  }

  func testRead_EveryFilterAndKindOfPixel_IsOursAndAsLibpngHasIt() throws {
    for (type, pixelBytes) in PNGDecoderTests.colorTypes {
      for width in [1, 2, 3, 5, 7, 8, 16, 31, 33, 257] {
        for filters: [UInt8] in [[0], [1], [2], [3], [4], [4, 3, 2, 1, 0]] {
          let bytes = try picture(type: type, pixelBytes: pixelBytes, width: width, height: 11, filters: filters)
          let outcome = try assertSame(bytes, "type \(type), width \(width), filters \(filters)")
          XCTAssert(outcome.isOwn, "type \(type), width \(width), filters \(filters)")
        }
      }
    }
  }

  func testRead_EveryWayOfCompressing_IsOursAndAsLibpngHasIt() throws {
    for level in 0...9 {
      for noise in [true, false] {
        for chunkBytes in [1, 13, 8192, .max] {
          let bytes = try picture(
            type: 2, pixelBytes: 3, width: 211, height: chunkBytes < 100 ? 20 : 301, filters: [0, 1, 4], level: level,
            noise: noise,
            chunkBytes: chunkBytes)
          let outcome = try assertSame(bytes, "level \(level), chunks of \(chunkBytes)")
          XCTAssert(outcome.isOwn, "level \(level), chunks of \(chunkBytes)")
        }
      }
    }
  }

  func testRead_OneByteChanged_EndsAsWithLibpng() throws {
    var changes = 0
    for (type, pixelBytes) in PNGDecoderTests.colorTypes {
      for level in [0, 1, 9] {
        let bytes = try picture(
          type: type, pixelBytes: pixelBytes, width: 9, height: 7, filters: [1, 4, 2, 3, 0], level: level,
          noise: level != 1)
        for place in 8..<bytes.count {
          for change: UInt8 in [1, 0x80, 0xFF] {
            var changed = bytes
            changed[place] ^= change
            // Half of them with their sums made right, so that the decoders see the change.
            if change != 1 { PNGBuilder.repair(&changed) }
            try assertSame(changed, "type \(type), level \(level), byte \(place) ^ \(change)")
            changes += 1
          }
        }
      }
    }
    XCTAssertGreaterThan(changes, 5000)
  }

  func testRead_CutAnywhere_EndsAsWithLibpng() throws {
    for (type, pixelBytes) in PNGDecoderTests.colorTypes {
      let bytes = try picture(
        type: type, pixelBytes: pixelBytes, width: 20, height: 15, filters: [4, 1], chunkBytes: 100)
      for count in 8..<bytes.count { try assertSame(Array(bytes.prefix(count)), "type \(type), \(count) bytes") }
    }
  }

  func testRead_PngSuite_EndsAsWithLibpng() throws {
    guard let corpora = getenv("TEST_CORPORA") else { throw XCTSkip("TEST_CORPORA is not set") }
    var own = 0
    for folder in ["pngsuite", "pngsuite-extra", "bugfixes"] {
      let folder = String(cString: corpora) + "/pngsuite/" + folder
      for name in try Folder.names(in: folder) where name.hasSuffix(".png") {
        let bytes = try Folder.bytes(of: "\(folder)/\(name)")
        if try assertSame(bytes, name).isOwn { own += 1 }
      }
    }
    XCTAssertGreaterThan(own, 20)
  }

  func testRead_TooFewColoursInThePalette_IsLeftToLibpng() throws {
    var builder = PNGBuilder(width: 3, height: 1, bits: 8, colorType: 3)
    builder.chunk("PLTE", [1, 2, 3, 4, 5, 6])
    builder.finish(rows: [[0, 1, 2]])
    XCTAssertFalse(try assertSame(builder.bytes, "number 2 of 2 colours").isOwn)
  }

  func testRead_TextBehindThePixels_IsOurs() throws {
    var builder = PNGBuilder(width: 3, height: 1, bits: 8, colorType: 0)
    builder.finish(rows: [[0, 1, 2]], trailer: [("tEXt", Array("a\0b".utf8)), ("abCd", [])])
    XCTAssert(try assertSame(builder.bytes, "text").isOwn)
  }

  func testRead_WrongSumOfTheStream_IsLeftToLibpng() throws {
    var bytes = try picture(type: 0, pixelBytes: 1, width: 9, height: 7, filters: [1])
    // The end chunk has 12 bytes, the sum of the chunk of pixels 4.
    bytes[bytes.count - 17] ^= 1
    PNGBuilder.repair(&bytes)
    XCTAssertFalse(try assertSame(bytes, "Adler-32").isOwn)
  }
}
