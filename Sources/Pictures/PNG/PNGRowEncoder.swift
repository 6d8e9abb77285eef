import Formats

/// Filters the rows of a photograph and compresses them, many at a time.
final class PNGRowEncoder {
  private let header: PictureHeader
  private let filter: PNGRowFilter
  private let deflater: RunDeflater
  private let runs: RunList
  private let block: PixelRows
  private let blockRows: Int
  private var used = 0
  private var rowsDone = 0

  init(_ header: PictureHeader) throws(ConversionFailure) {
    self.header = header
    filter = try PNGRowFilter(header)
    blockRows = min(RunDeflater.blockBytes / filter.bytesPerRow + 1, header.height)
    block = try PixelRows(rows: 1, bytesPerRow: blockRows * filter.bytesPerRow)
    runs = try RunList()
    deflater = try RunDeflater(capacity: blockRows * filter.bytesPerRow)
  }

  /// Does on another thread what comes before the compression of a block.
  func preparation() throws(ConversionFailure) -> PNGBlockPreparation {
    PNGBlockPreparation(try PNGRowFilter(header), bandRows: blockRows)
  }

  /// Takes rows and hands over what is compressed, in pieces that are each a chunk of the file.
  func add(
    _ count: Int, _ rows: UnsafeRawBufferPointer,
    _ take: (UnsafeBufferPointer<UInt8>) throws(ConversionFailure) -> Void
  ) throws(ConversionFailure) {
    precondition(rows.count >= count * header.bytesPerRow)
    var done = 0
    while done < count {
      // The last block is kept until its end is known to be the picture's.
      if used == block.bytesPerRow { try take(compress(isLast: false)) }
      let some = min(count - done, (block.bytesPerRow - used) / filter.bytesPerRow)
      let from = UnsafeRawBufferPointer(rebasing: rows[(done * header.bytesPerRow)...])
      try filter.run(some, from: from, into: .init(rebasing: block.bytes(1)[used...]))
      used += some * filter.bytesPerRow
      done += some
    }
    rowsDone += count
  }

  /// Takes the rows of a block that is prepared, after whole ones.
  func add(
    _ count: Int, prepared band: UnsafeRawBufferPointer,
    _ take: (UnsafeBufferPointer<UInt8>) throws(ConversionFailure) -> Void
  ) throws(ConversionFailure) {
    precondition(rowsDone % blockRows == 0 && band.count >= count * filter.bytesPerRow + RunList.bytes)
    if used > 0 { try take(compress(isLast: false)) }
    rowsDone += count
    let bytes = UnsafeRawBufferPointer(rebasing: band[..<(count * filter.bytesPerRow)])
    let runs = RunList.load(from: .init(rebasing: band[bytes.count...]))
    try take(deflater.add(bytes, runs, isLast: rowsDone == header.height))
  }

  func end(_ take: (UnsafeBufferPointer<UInt8>) throws(ConversionFailure) -> Void) throws(ConversionFailure) {
    if used > 0 { try take(compress(isLast: true)) }
  }

  private func compress(isLast: Bool) throws(ConversionFailure) -> UnsafeBufferPointer<UInt8> {
    defer { used = 0 }
    let bytes = UnsafeRawBufferPointer(rebasing: block.bytes(1)[..<used])
    return try deflater.add(bytes, runs.find(in: bytes), isLast: isLast)
  }
}
