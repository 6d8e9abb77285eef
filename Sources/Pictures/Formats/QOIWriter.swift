import Formats

/// Writes the Quite OK Image format (qoiformat.org, specification 1.0).
final class QOIWriter: PictureWriter {
  private let output: ByteOutput
  private let header: PictureHeader
  /// A row as it is coded: five bytes for a pixel at most, and a run that ended before it.
  private let coded: PixelRows
  /// The last pixel of each place, red lowest.
  private let seen: UnsafeMutablePointer<UInt32>
  private var last: UInt32 = 0xFF00_0000
  private var run = 0

  init(_ descriptor: Int32, _ header: PictureHeader) throws(ConversionFailure) {
    output = ByteOutput(descriptor)
    self.header = header
    coded = try PixelRows(rows: 1, bytesPerRow: header.width * 5 + 1)
    seen = .allocate(capacity: 64)
    seen.initialize(repeating: 0, count: 64)
    try output.write("qoif")
    try output.write(ByteOrder.big32(header.width) + ByteOrder.big32(header.height) + [UInt8(header.channels), 0])
  }

  deinit { seen.deallocate() }

  func write(_ count: Int, from rows: UnsafeRawBufferPointer) throws(ConversionFailure) {
    precondition(rows.count >= count * header.bytesPerRow)
    guard let start = rows.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
    for index in 0..<count {
      let used = code(start + index * header.bytesPerRow)
      try output.write(UnsafeRawBufferPointer(rebasing: coded.bytes(1)[..<used]))
    }
  }

  /// Codes a row and tells how many bytes it takes.
  private func code(_ row: UnsafePointer<UInt8>) -> Int {
    guard let first = coded.start else { return 0 }
    var (from, to) = (row, first)
    // In variables of their own, for a row is too much to look each of them up.
    var (last, run) = (last, run)
    let (channels, seen) = (header.channels, seen)
    func put(_ byte: UInt8) {
      to.pointee = byte
      to += 1
    }
    for _ in 0..<header.width {
      let alpha = channels == 4 ? from[3] : 255
      let pixel = UInt32(from[0]) | UInt32(from[1]) << 8 | UInt32(from[2]) << 16 | UInt32(alpha) << 24
      defer { from += channels }
      if pixel == last {
        run += 1
        if run == 62 {
          put(0xC0 | 61)
          run = 0
        }
        continue
      }
      if run > 0 {
        put(0xC0 | UInt8(truncatingIfNeeded: run &- 1))
        run = 0
      }
      let before = last
      last = pixel
      let place = (Int(from[0]) &* 3 &+ Int(from[1]) &* 5 &+ Int(from[2]) &* 7 &+ Int(alpha) &* 11) & 63
      if seen[place] == pixel {
        put(UInt8(truncatingIfNeeded: place))
        continue
      }
      seen[place] = pixel
      let red = from[0] &- UInt8(truncatingIfNeeded: before)
      let green = from[1] &- UInt8(truncatingIfNeeded: before >> 8)
      let blue = from[2] &- UInt8(truncatingIfNeeded: before >> 16)
      let (redLess, blueLess) = (red &- green &+ 8, blue &- green &+ 8)
      if pixel >> 24 != before >> 24 {
        put(0xFF)
        for channel in 0..<3 { put(from[channel]) }
        put(alpha)
      } else if red &+ 2 < 4, green &+ 2 < 4, blue &+ 2 < 4 {
        put(0x40 | (red &+ 2) << 4 | (green &+ 2) << 2 | (blue &+ 2))
      } else if green &+ 32 < 64, redLess < 16, blueLess < 16 {
        put(0x80 | (green &+ 32))
        put(redLess << 4 | blueLess)
      } else {
        put(0xFE)
        for channel in 0..<3 { put(from[channel]) }
      }
    }
    (self.last, self.run) = (last, run)
    return to - first
  }

  func finish() throws(ConversionFailure) -> Int64 {
    if run > 0 { try output.write(0xC0 | UInt8(run - 1)) }
    try output.write([0, 0, 0, 0, 0, 0, 0, 1])
    return try output.finish()
  }
}
