/// Writes a Truevision TGA without compression, top row first.
final class TGAWriter: PictureWriter {
  private let output: ByteOutput
  private let header: PictureHeader
  private let stored: PixelRows

  init(_ descriptor: Int32, _ header: PictureHeader) throws(ConversionFailure) {
    guard header.width <= 65_535, header.height <= 65_535 else {
      throw ConversionFailure(.tooManyPixels, "a TGA has at most 65535 pixels on a side")
    }
    output = ByteOutput(descriptor)
    self.header = header
    stored = try PixelRows(rows: 1, bytesPerRow: header.bytesPerRow)
    try output.write([0, 0, header.channels == 1 ? 3 : 2] + [UInt8](repeating: 0, count: 9))
    try output.write(ByteOrder.little16(header.width) + ByteOrder.little16(header.height))
    try output.write([UInt8(header.channels * 8), header.channels == 4 ? 0x28 : 0x20])
  }

  func write(_ count: Int, from rows: UnsafeRawBufferPointer) throws(ConversionFailure) {
    for index in 0..<count {
      let start = index * header.bytesPerRow
      BMPWriter.swap(
        header, UnsafeRawBufferPointer(rebasing: rows[start..<start + header.bytesPerRow]), into: stored.bytes(1))
      try output.write(UnsafeRawBufferPointer(stored.bytes(1)))
    }
  }

  func finish() throws(ConversionFailure) -> Int64 {
    // TGA 2.0's footer, by which readers know the file for what it is.
    try output.write([UInt8](repeating: 0, count: 8))
    try output.write("TRUEVISION-XFILE.\0")
    return try output.finish()
  }
}
