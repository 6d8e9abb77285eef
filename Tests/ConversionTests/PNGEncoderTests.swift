import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// What our own encoder writes, read back by libpng.
final class PNGEncoderTests: XCTestCase {
  private func assertSurvives(_ picture: Picture, bands: Int = .max, file: StaticString = #filePath, line: UInt = #line)
    throws
  {
    let target = try TestFile()
    let header = PictureHeader(width: picture.width, height: picture.height, channels: picture.channels)
    let writer = try PNGWriter(target.descriptor, header, .photograph)
    try picture.samples.withUnsafeBytes { samples in
      var row = 0
      while row < picture.height {
        let count = min(bands, picture.height - row)
        try writer.write(count, from: .init(rebasing: samples[(row * header.bytesPerRow)...]))
        row += count
      }
    }
    XCTAssertEqual(try writer.finish(), Int64(target.bytes.count), file: file, line: line)
    let back = try Picture(png: target, .lib)
    XCTAssert(back == picture, "\(picture.width) x \(picture.height) x \(picture.channels)", file: file, line: line)
  }

  private func noise(_ width: Int, _ height: Int, _ channels: Int, _ range: UInt32 = 256) -> Picture {
    var state: UInt32 = 99
    return Picture(width, height, channels) { x, y, _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int((state >> 16) % range) + x / 3 + y / 2
    }
  }

  func testWrite_EveryKindOfPixelAndOddWidths_ReadsBackTheSame() throws {
    for channels in 1...4 {
      for width in [1, 2, 3, 5, 15, 16, 17, 19, 31, 33, 64, 127, 500] {
        for range: UInt32 in [1, 4, 60, 256] { try assertSurvives(noise(width, 23, channels, range), bands: 7) }
      }
    }
  }

  func testWrite_MoreThanABlock_ReadsBackTheSame() throws {
    try assertSurvives(noise(700, 900, 3, 30), bands: 32)
    // Wider than a block.
    try assertSurvives(noise(60_000, 9, 4, 200), bands: 2)
  }

  func testWrite_RunsOfEveryLength_ReadsBackTheSame() throws {
    var samples: [UInt8] = []
    for length in Array(1...40) + Array(250...270) + [515, 516, 517, 518, 519, 520, 777] {
      samples += [UInt8](repeating: UInt8(length & 1), count: length)
    }
    // One row: filtered by the left neighbour, runs become zeros.
    var picture = Picture(samples.count, 1, 1) { _, _, _ in 0 }
    picture.samples = samples
    try assertSurvives(picture)
    try assertSurvives(Picture(3000, 400, 3) { _, _, _ in 200 })
  }

  func testWrite_OnePixel_ReadsBackTheSame() throws {
    for channels in 1...4 { try assertSurvives(Picture(1, 1, channels) { _, _, channel in 40 * channel }) }
  }
}
