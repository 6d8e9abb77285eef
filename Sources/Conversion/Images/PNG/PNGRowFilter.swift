import CImage

/// Filters the rows of a photograph, each with the filter that leaves the smallest differences.
final class PNGRowFilter: RowPreparation {
  /// The number of the filter in front.
  let bytesPerRow: Int
  private let pixelRowBytes: Int
  private let channels: Int
  private let above: PixelRows

  /// `row` is the one before those that come; without, they are the first.
  init(_ header: PictureHeader, after row: UnsafeRawBufferPointer? = nil) throws(ConversionFailure) {
    pixelRowBytes = header.bytesPerRow
    bytesPerRow = pixelRowBytes + 1
    channels = header.channels
    above = try PixelRows(rows: 1, bytesPerRow: pixelRowBytes)
    above.row(0).initializeMemory(as: UInt8.self, repeating: 0)
    if let row { above.row(0).copyMemory(from: row) }
  }

  func prepare(
    _ count: Int, from rows: UnsafeRawBufferPointer, into prepared: UnsafeMutableRawBufferPointer
  ) throws(ConversionFailure) {
    precondition(rows.count >= count * pixelRowBytes && prepared.count >= count * bytesPerRow)
    guard count > 0, let from = rows.assumingMemoryBound(to: UInt8.self).baseAddress,
      let to = prepared.assumingMemoryBound(to: UInt8.self).baseAddress, let before = above.start
    else { return }
    for index in 0..<count {
      let row = from + index * pixelRowBytes
      let last = index == 0 ? UnsafePointer(before) : row - pixelRowBytes
      guard cimage_png_filter(row, last, pixelRowBytes, channels, to + index * bytesPerRow) else {
        throw ConversionFailure(.internalError, "the PNG codec was misused")
      }
    }
    before.update(from: from + (count - 1) * pixelRowBytes, count: pixelRowBytes)
  }
}
