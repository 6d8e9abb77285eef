import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// A picture in memory, with the module's own codecs to write and read it.
struct Picture: Equatable {
  var width: Int
  var height: Int
  var channels: Int
  var samples: [UInt8]

  init(_ width: Int, _ height: Int, _ channels: Int, _ sample: (_ x: Int, _ y: Int, _ channel: Int) -> Int) {
    self.width = width
    self.height = height
    self.channels = channels
    samples = []
    samples.reserveCapacity(width * height * channels)
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels { samples.append(UInt8(truncatingIfNeeded: sample(x, y, channel))) }
      }
    }
  }

  /// A smooth picture, of which JPEG loses little.
  static func gradient(_ width: Int, _ height: Int, _ channels: Int) -> Picture {
    Picture(width, height, channels) { x, y, channel in
      [x * 255 / width, y * 255 / height, (x + y) * 255 / (width + height), 255][
        channels < 3 && channel == 1 ? 3 : channel]
    }
  }

  func png() throws -> TestFile {
    let file = try TestFile()
    let writer = try PNGWriter(file.descriptor, header, .photograph)
    try samples.withUnsafeBytes { try writer.write(height, from: $0) }
    _ = try writer.finish()
    return file
  }

  func jpeg(quality: Int = 95) throws -> TestFile {
    let file = try TestFile()
    let writer = try JPEGWriter(file.descriptor, header, JPEGWriter.Settings(quality: quality))
    try samples.withUnsafeBytes { try writer.write(height, from: $0) }
    _ = try writer.finish()
    return file
  }

  private var header: PictureHeader { PictureHeader(width: width, height: height, channels: channels) }

  init(png file: TestFile, _ codec: PNGCodec = .fast) throws {
    try self.init(PNGReader(file.descriptor, codec))
  }

  init(jpeg file: TestFile) throws {
    try self.init(JPEGReader(file.descriptor))
  }

  private init(_ reader: any PictureReader) throws {
    self.init(reader.header.width, reader.header.height, 0) { _, _, _ in 0 }
    channels = reader.header.channels
    samples = [UInt8](repeating: 0, count: reader.header.bytesPerRow * height)
    try samples.withUnsafeMutableBytes { try reader.read(reader.header.height, into: $0) }
    try reader.finish()
  }

  func meanError(_ other: Picture) -> Double {
    guard samples.count == other.samples.count else { return .infinity }
    return Double(zip(samples, other.samples).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Double(samples.count)
  }
}
