/// Filters the rows of a photograph and compresses them, many at a time.
final class PNGRowEncoder {
  private let header: PictureHeader
  private let filter: PNGRowFilter
  private let deflater: RunDeflater
  private let block: PixelRows
  private let capacity: Int
  private var used = 0

  init(_ header: PictureHeader) throws(ConversionFailure) {
    self.header = header
    filter = try PNGRowFilter(header)
    capacity = min(RunDeflater.blockBytes / filter.bytesPerRow + 1, header.height) * filter.bytesPerRow
    deflater = try RunDeflater(capacity: capacity)
    block = try PixelRows(rows: 1, bytesPerRow: capacity)
  }

  /// A filter for the rows after this one, which then come filtered.
  func filter(after row: UnsafeRawBufferPointer) throws(ConversionFailure) -> PNGRowFilter {
    try PNGRowFilter(header, after: row)
  }

  /// Takes rows and hands over what is compressed, in pieces that are each a chunk of the file.
  func add(
    _ count: Int, _ rows: UnsafeRawBufferPointer, areFiltered: Bool = false,
    _ take: (UnsafeBufferPointer<UInt8>) throws(ConversionFailure) -> Void
  ) throws(ConversionFailure) {
    let rowBytes = areFiltered ? filter.bytesPerRow : header.bytesPerRow
    precondition(rows.count >= count * rowBytes)
    var done = 0
    while done < count {
      // The last block is kept until its end is known to be the picture's.
      if used == capacity { try take(compress(isLast: false)) }
      let some = min(count - done, (capacity - used) / filter.bytesPerRow)
      let from = UnsafeRawBufferPointer(rebasing: rows[done * rowBytes..<(done + some) * rowBytes])
      let to = UnsafeMutableRawBufferPointer(rebasing: block.bytes(1)[used..<used + some * filter.bytesPerRow])
      if areFiltered { to.copyMemory(from: from) } else { try filter.prepare(some, from: from, into: to) }
      used += to.count
      done += some
    }
  }

  func end(_ take: (UnsafeBufferPointer<UInt8>) throws(ConversionFailure) -> Void) throws(ConversionFailure) {
    try take(compress(isLast: true))
  }

  private func compress(isLast: Bool) throws(ConversionFailure) -> UnsafeBufferPointer<UInt8> {
    defer { used = 0 }
    return try deflater.add(.init(rebasing: block.bytes(1)[..<used]), isLast: isLast)
  }
}
