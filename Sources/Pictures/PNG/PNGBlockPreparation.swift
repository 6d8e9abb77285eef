import Formats

/// Filters the rows of a block and finds the runs in it, ahead of its compression.
final class PNGBlockPreparation: RowPreparation {
  let bandRows: Int
  private let filter: PNGRowFilter

  init(_ filter: PNGRowFilter, bandRows: Int) {
    self.filter = filter
    self.bandRows = bandRows
  }

  var bandBytes: Int { bandRows * filter.bytesPerRow + RunList.bytes }

  func begin(after row: UnsafeRawBufferPointer?) {
    if let row { filter.skip(to: row) }
  }

  func prepare(
    _ count: Int, from rows: UnsafeRawBufferPointer, into band: UnsafeMutableRawBufferPointer
  ) throws(ConversionFailure) {
    let filtered = UnsafeMutableRawBufferPointer(rebasing: band[..<(count * filter.bytesPerRow)])
    try filter.run(count, from: rows, into: filtered)
    RunList.store(runsOf: .init(filtered), in: .init(rebasing: band[filtered.count...]))
  }
}
