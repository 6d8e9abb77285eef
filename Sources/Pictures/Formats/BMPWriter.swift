import Formats

/// Writes a Windows bitmap without compression: grey with a palette, 24 bits, or 32 with alpha.
final class BMPWriter: PictureWriter {
  private let output: ByteOutput
  private let header: PictureHeader
  private let pixels: Int
  private var rowsDone = 0
  private let stored: PixelRows

  init(_ descriptor: Int32, _ header: PictureHeader, _ resolution: Resolution?) throws(ConversionFailure) {
    output = ByteOutput(descriptor)
    self.header = header
    let bits = header.channels * 8
    let stride = BMPWriter.stride(header)
    stored = try PixelRows(rows: 1, bytesPerRow: stride)
    stored.bytes(1).initializeMemory(as: UInt8.self, repeating: 0)
    let hasAlpha = header.channels == 4
    let headerSize = hasAlpha ? 108 : 40
    pixels = BMPWriter.start(header)
    let size = BMPWriter.size(header)
    let perMetre = resolution?.perMetre ?? (across: 2835, down: 2835)
    try output.write("BM")
    for number in [Int(size), 0, pixels, headerSize, header.width, header.height] {
      try output.write(ByteOrder.little32(number))
    }
    try output.write(ByteOrder.little16(1) + ByteOrder.little16(bits))
    for number in [
      hasAlpha ? 3 : 0, stride * header.height, perMetre.across, perMetre.down, header.channels == 1 ? 256 : 0, 0,
    ] {
      try output.write(ByteOrder.little32(number))
    }
    if hasAlpha {
      for mask in [0xFF0000, 0xFF00, 0xFF, 0xFF00_0000] { try output.write(ByteOrder.little32(mask)) }
      try output.write(Array("BGRs".utf8) + [UInt8](repeating: 0, count: 48))
    }
    if header.channels == 1 {
      for level in 0..<256 { try output.write([UInt8(level), UInt8(level), UInt8(level), 0]) }
    }
  }

  /// The size of the whole file, in bytes.
  @Sendable static func size(_ header: PictureHeader) -> Int64 {
    Int64(start(header)) + Int64(stride(header)) * Int64(header.height)
  }

  /// The bytes of a row, which begins at a multiple of four.
  private static func stride(_ header: PictureHeader) -> Int { (header.width * header.channels * 8 + 31) / 32 * 4 }

  /// Where the pixels begin.
  private static func start(_ header: PictureHeader) -> Int {
    14 + (header.channels == 4 ? 108 : 40) + (header.channels == 1 ? 1024 : 0)
  }

  func write(_ count: Int, from rows: UnsafeRawBufferPointer) throws(ConversionFailure) {
    for index in 0..<count {
      let row = stored.bytes(1)
      let start = index * header.bytesPerRow
      BMPWriter.swap(header, UnsafeRawBufferPointer(rebasing: rows[start..<start + header.bytesPerRow]), into: row)
      // The last row comes first in the file.
      let place = header.height - 1 - rowsDone
      try output.seek(to: Int64(pixels) + Int64(place) * Int64(stored.bytesPerRow))
      try output.write(UnsafeRawBufferPointer(row))
      rowsDone += 1
    }
  }

  /// Blue first, then green, red and alpha; grey stays as it is.
  static func swap(_ header: PictureHeader, _ row: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) {
    guard header.channels >= 3 else {
      return UnsafeMutableRawBufferPointer(rebasing: target[..<row.count]).copyMemory(from: row)
    }
    for start in Swift.stride(from: 0, to: row.count, by: header.channels) {
      target[start] = row[start + 2]
      target[start + 1] = row[start + 1]
      target[start + 2] = row[start]
      if header.channels == 4 { target[start + 3] = row[start + 3] }
    }
  }

  func finish() throws(ConversionFailure) -> Int64 { try output.finish() }
}
