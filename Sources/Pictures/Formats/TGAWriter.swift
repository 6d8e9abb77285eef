import Formats

/// Writes a Truevision TGA, top row first; drawings with their runs told by number.
final class TGAWriter: PictureWriter {
  /// The bytes before and after the pixels.
  private static let frame: Int64 = 18 + 26

  private let output: ByteOutput
  private let header: PictureHeader
  private let stored: PixelRows
  /// A row in packets: a byte in front of at most 128 pixels.
  private let packets: PixelRows?

  init(
    _ descriptor: Int32, _ header: PictureHeader, _ content: PNGWriter.Content = .photograph, mostBytes: Int64 = .max
  ) throws(ConversionFailure) {
    guard header.width <= 65_535, header.height <= 65_535 else {
      throw ConversionFailure(.tooManyPixels, "a TGA has at most 65535 pixels on a side")
    }
    if content != .drawing {
      let size = TGAWriter.frame + Int64(header.bytesPerRow) * Int64(header.height)
      try ConversionFailure.check(size, atMost: mostBytes)
    }
    output = ByteOutput(descriptor)
    self.header = header
    stored = try PixelRows(rows: 1, bytesPerRow: header.bytesPerRow)
    packets =
      content == .drawing ? try PixelRows(rows: 1, bytesPerRow: header.width * (header.channels + 1)) : nil
    try output.write(
      [0, 0, (header.channels == 1 ? 3 : 2) + (packets == nil ? 0 : 8)] + [UInt8](repeating: 0, count: 9))
    try output.write(ByteOrder.little16(header.width) + ByteOrder.little16(header.height))
    try output.write([UInt8(header.channels * 8), header.channels == 4 ? 0x28 : 0x20])
  }

  func write(_ count: Int, from rows: UnsafeRawBufferPointer) throws(ConversionFailure) {
    for index in 0..<count {
      let start = index * header.bytesPerRow
      BMPWriter.swap(
        header, UnsafeRawBufferPointer(rebasing: rows[start..<start + header.bytesPerRow]), into: stored.bytes(1))
      guard let packets else {
        try output.write(UnsafeRawBufferPointer(stored.bytes(1)))
        continue
      }
      let used = pack(into: packets.bytes(1))
      try output.write(UnsafeRawBufferPointer(rebasing: packets.bytes(1)[..<used]))
    }
  }

  /// Puts the stored row into packets, none of which goes on into the next row (TGA 2.0, data type 10); tells their size.
  private func pack(into packets: UnsafeMutableRawBufferPointer) -> Int {
    let (row, size, width) = (stored.bytes(1), header.channels, header.width)
    func isSame(_ x: Int) -> Bool {
      (0..<size).allSatisfy { row[x * size + $0] == row[(x - 1) * size + $0] }
    }
    var (used, x) = (0, 0)
    while x < width {
      var end = x + 1
      while end < width, end - x < 128, isSame(end) { end += 1 }
      let isRun = end - x > 1
      // Other pixels go on until two are alike.
      while !isRun, end < width, end - x < 128, end + 1 == width || !isSame(end + 1) { end += 1 }
      packets[used] = UInt8(end - x - 1) | (isRun ? 0x80 : 0)
      let bytes = row[x * size..<(isRun ? x + 1 : end) * size]
      UnsafeMutableRawBufferPointer(rebasing: packets[(used + 1)...]).copyMemory(from: .init(rebasing: bytes))
      used += 1 + bytes.count
      x = end
    }
    return used
  }

  func finish() throws(ConversionFailure) -> Int64 {
    // TGA 2.0's footer, by which readers know the file for what it is.
    try output.write([UInt8](repeating: 0, count: 8))
    try output.write("TRUEVISION-XFILE.\0")
    return try output.finish()
  }
}
