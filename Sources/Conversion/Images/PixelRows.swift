import Glibc

/// Memory for a band of rows; running out of it is a failure of the conversion, not of the process.
final class PixelRows {
  private let start: UnsafeMutableRawPointer
  let bytesPerRow: Int

  init(rows: Int, bytesPerRow: Int) throws(ConversionFailure) {
    let (count, overflows) = rows.multipliedReportingOverflow(by: bytesPerRow)
    guard !overflows, count > 0, let memory = malloc(count) else {
      throw .outOfMemory
    }
    start = memory
    self.bytesPerRow = bytesPerRow
  }

  deinit { free(start) }

  /// The first `rows` rows of the band, which must not be more than it was made for.
  func bytes(_ rows: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: start, count: rows * bytesPerRow)
  }
}
