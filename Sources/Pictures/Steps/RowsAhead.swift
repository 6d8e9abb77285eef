import Basics
import Formats

/// The rows of a picture on their way to a writer, read and prepared by a second thread while the writer is at work.
final class RowsAhead {
  /// How many rows have to be written as they are before the first band.
  let start: Int
  private let writer: any PictureWriter
  private let bytesPerRow: Int
  private let isPrepared: Bool
  private let ahead: BandsAhead

  /// The `first` rows have been read into `sample`.
  init(
    _ rows: any RowSource, _ sample: PixelRows, _ first: Int, for writer: any PictureWriter, _ thread: SecondThread
  ) throws(ConversionFailure) {
    self.writer = writer
    let header = rows.header
    let bytesPerRow = header.bytesPerRow
    self.bytesPerRow = bytesPerRow
    guard let preparation = try writer.preparation() else {
      (start, isPrepared) = (first, false)
      ahead = try BandsAhead(
        thread, rows: header.height - first, bandRows: PixelRows.bandRows,
        bandBytes: PixelRows.bandRows * bytesPerRow
      ) { (count, band) throws(ConversionFailure) in
        try rows.read(count, into: .init(rebasing: band[..<(count * bytesPerRow)]))
        return 0
      }
      return
    }
    // Whole bands only: what is left of the sample begins the first prepared one.
    let start = first / preparation.bandRows * preparation.bandRows
    (self.start, isPrepared) = (start, true)
    preparation.begin(after: start > 0 ? .init(sample.row(start - 1)) : nil)
    let pixels = try PixelRows(rows: preparation.bandRows, bytesPerRow: bytesPerRow)
    var left = first - start
    ahead = try BandsAhead(
      thread, rows: header.height - start, bandRows: preparation.bandRows, bandBytes: preparation.bandBytes
    ) { (count, band) throws(ConversionFailure) in
      let old = min(left, count)
      for index in 0..<old { pixels.row(index).copyMemory(from: .init(sample.row(first - left + index))) }
      left -= old
      if count > old { try rows.read(count - old, into: .init(rebasing: pixels.bytes(count)[(old * bytesPerRow)...])) }
      try preparation.prepare(count, from: .init(pixels.bytes(count)), into: band)
      return 0
    }
  }

  /// Writes the next band and tells how many rows it had.
  func write() throws(ConversionFailure) -> Int {
    guard let band = try ahead.next() else { throw ConversionFailure(.internalError, "the picture has too few rows") }
    if isPrepared {
      try writer.write(band.count, prepared: band.bytes)
    } else {
      try writer.write(band.count, from: .init(rebasing: band.bytes[..<(band.count * bytesPerRow)]))
    }
    return band.count
  }

  /// Leaves the second thread alone; what reads the rows is the caller's again.
  func end() { ahead.end() }
}
