/// The rows of a picture on their way to a writer, read and prepared by a second thread while the writer is at work.
final class RowsAhead {
  private let writer: any PictureWriter
  private let ahead: BandsAhead

  /// The rows from `first` on; `last` is the one before them.
  init(
    _ rows: any RowSource, after first: Int, _ last: UnsafeRawBufferPointer, for writer: any PictureWriter,
    _ thread: SecondThread
  ) throws(ConversionFailure) {
    self.writer = writer
    let header = rows.header
    let left = header.height - first
    guard let preparation = try writer.preparation(after: last) else {
      ahead = try BandsAhead(thread, rows: left, bytesPerRow: header.bytesPerRow) {
        (count, band) throws(ConversionFailure) in
        try rows.read(count, into: .init(rebasing: band[..<(count * header.bytesPerRow)]))
        return 0
      }
      return
    }
    let pixels = try PixelRows(rows: PictureWork.bandRows, bytesPerRow: header.bytesPerRow)
    ahead = try BandsAhead(thread, rows: left, bytesPerRow: preparation.bytesPerRow) {
      (count, band) throws(ConversionFailure) in
      try rows.read(count, into: pixels.bytes(count))
      try preparation.prepare(count, from: .init(pixels.bytes(count)), into: band)
      return 0
    }
  }

  /// Writes the next band and tells how many rows it had.
  func write() throws(ConversionFailure) -> Int {
    guard let band = try ahead.next() else { throw ConversionFailure(.internalError, "the picture has too few rows") }
    try writer.write(band.count, prepared: band.bytes)
    return band.count
  }

  /// Leaves the second thread alone; what reads the rows is the caller's again.
  func end() { ahead.end() }
}
