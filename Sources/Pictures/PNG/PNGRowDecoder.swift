import Basics
import CImage
import Formats

/// Reads the rows of a plain PNG: pixels of 8-bit samples or numbers of a palette, not interlaced.
///
/// It takes only what libpng takes without a remark; for anything else `read` and `finish` return false, and libpng has
/// to begin again, so that it alone decides what a damaged file comes to. With a second thread the stream is decompressed
/// there, ahead of the rest.
final class PNGRowDecoder {
  private let header: PictureHeader
  private let layout: cimage_png_layout
  private let pixelBytes: Int
  /// Without the number of the filter in front.
  private let storedRowBytes: Int
  private let stored: PNGStoredRows
  private let ahead: BandsAhead?
  /// The rows of the band that have not been read.
  private var rest = UnsafeRawBufferPointer(start: nil, count: 0)

  private let above: PixelRows
  /// Two rows of numbers of the palette, the last one and the next.
  private let numbers: PixelRows?
  private let palette: UnsafeMutablePointer<UInt32>
  private var rowsDone = 0
  private var sum: UInt32 = 1

  init(
    _ input: ByteInput, _ header: PictureHeader, _ layout: cimage_png_layout, _ thread: SecondThread? = nil
  ) throws(ConversionFailure) {
    self.header = header
    self.layout = layout
    pixelBytes = Int(layout.pixel_bytes)
    storedRowBytes = header.width * pixelBytes
    let stored = try PNGStoredRows(input, rowBytes: storedRowBytes + 1, at: layout.data_offset)
    self.stored = stored
    ahead = if let thread { try PNGRowDecoder.readAhead(stored, header.height, thread) } else { nil }
    above = try PixelRows(rows: 1, bytesPerRow: storedRowBytes)
    above.row(0).initializeMemory(as: UInt8.self, repeating: 0)
    numbers = layout.colour_count > 0 ? try PixelRows(rows: 2, bytesPerRow: storedRowBytes) : nil
    palette = .allocate(capacity: 256)
    palette.initialize(repeating: 0, count: 256)
    numbers?.bytes(2).initializeMemory(as: UInt8.self, repeating: 0)
    withUnsafeBytes(of: layout.colours) { colours in
      for index in 0..<256 { palette[index] = colours.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self) }
    }
  }

  deinit { palette.deallocate() }

  /// Reads the next `count` rows into a buffer that holds them.
  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) -> Bool {
    let rowBytes = header.bytesPerRow
    precondition(rows.count >= count * rowBytes && rowsDone + count <= header.height)
    guard count > 0, let target = rows.baseAddress?.assumingMemoryBound(to: UInt8.self),
      let before = above.start
    else { return true }
    for index in 0..<count {
      guard let whole = try nextStored() else { return false }
      let row = target + index * rowBytes
      let (filter, stored) = (UInt32(whole[0]), whole + 1)
      sum = cimage_adler(sum, whole, storedRowBytes + 1)
      if let numbers {
        guard map(filter, stored, numbers, row) else { return false }
      } else {
        let last = index == 0 ? UnsafePointer(before) : UnsafePointer(row - rowBytes)
        guard cimage_png_undo_filter(filter, stored, last, row, storedRowBytes, pixelBytes) else { return false }
      }
      rowsDone += 1
    }
    if numbers == nil { before.update(from: target + (count - 1) * rowBytes, count: rowBytes) }
    return true
  }

  /// Checks that the stream and the file end where they should.
  func finish() throws(ConversionFailure) -> Bool {
    ahead?.end()
    return try stored.finish(sum)
  }

  private static func readAhead(
    _ stored: PNGStoredRows, _ height: Int, _ thread: SecondThread
  ) throws(ConversionFailure) -> BandsAhead {
    // A band is read from once more by the next one, which nobody can be changing then.
    try BandsAhead(
      thread, rows: height, bandRows: PixelRows.bandRows,
      bandBytes: PixelRows.bandRows * stored.rowBytes + PNGStoredRows.spare
    ) { (count, band) throws(ConversionFailure) in
      try stored.read(count, into: band)
    }
  }

  private func nextStored() throws(ConversionFailure) -> UnsafePointer<UInt8>? {
    guard let ahead else { return try stored.next() }
    if rest.isEmpty {
      guard let band = try ahead.next() else { return nil }
      rest = .init(rebasing: band.bytes[..<(band.count * stored.rowBytes)])
    }
    defer { rest = .init(rebasing: rest[stored.rowBytes...]) }
    return rest.assumingMemoryBound(to: UInt8.self).baseAddress
  }

  /// Undoes a row's filter and looks its numbers up; false for one that the palette does not have.
  private func map(
    _ filter: UInt32, _ stored: UnsafePointer<UInt8>, _ numbers: PixelRows, _ row: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    guard let start = numbers.start else { return false }
    let current = start + (rowsDone & 1) * storedRowBytes
    let last = start + (1 - rowsDone & 1) * storedRowBytes
    guard cimage_png_undo_filter(filter, stored, last, current, storedRowBytes, 1) else { return false }
    return cimage_png_look_up(current, header.width, palette, layout.colour_count, UInt32(header.channels), row)
  }
}
