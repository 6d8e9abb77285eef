import CImage
import Formats

/// Filters the rows of a photograph, each with the filter that leaves the smallest differences.
final class PNGRowFilter {
  /// With the number of the filter in front.
  let bytesPerRow: Int
  private let pixelRowBytes: Int
  private let channels: Int
  private let above: PixelRows

  init(_ header: PictureHeader) throws(ConversionFailure) {
    pixelRowBytes = header.bytesPerRow
    bytesPerRow = pixelRowBytes + 1
    channels = header.channels
    above = try PixelRows(rows: 1, bytesPerRow: pixelRowBytes)
    above.row(0).initializeMemory(as: UInt8.self, repeating: 0)
  }

  /// Goes on with the rows after this one, as if it had been filtered.
  func skip(to row: UnsafeRawBufferPointer) { above.row(0).copyMemory(from: row) }

  func run(
    _ count: Int, from rows: UnsafeRawBufferPointer, into filtered: UnsafeMutableRawBufferPointer
  ) throws(ConversionFailure) {
    precondition(rows.count >= count * pixelRowBytes && filtered.count >= count * bytesPerRow)
    guard count > 0, let from = rows.assumingMemoryBound(to: UInt8.self).baseAddress,
      let to = filtered.assumingMemoryBound(to: UInt8.self).baseAddress, let before = above.start
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
