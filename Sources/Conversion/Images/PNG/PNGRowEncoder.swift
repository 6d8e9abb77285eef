import CImage

/// Filters the rows of a photograph and compresses them, many at a time.
final class PNGRowEncoder {
  private let header: PictureHeader
  private let deflater: RunDeflater
  private let block: PixelRows
  private let capacity: Int
  private var used = 0
  private let above: PixelRows

  init(_ header: PictureHeader) throws(ConversionFailure) {
    self.header = header
    let rowBytes = header.bytesPerRow + 1
    capacity = min(RunDeflater.blockBytes / rowBytes + 1, header.height) * rowBytes
    deflater = try RunDeflater(capacity: capacity)
    block = try PixelRows(rows: 1, bytesPerRow: capacity)
    above = try PixelRows(rows: 1, bytesPerRow: header.bytesPerRow)
    above.row(0).initializeMemory(as: UInt8.self, repeating: 0)
  }

  /// Takes rows and hands over what is compressed, in pieces that are each a chunk of the file.
  func add(
    _ count: Int, _ rows: UnsafeRawBufferPointer,
    _ take: (UnsafeBufferPointer<UInt8>) throws(ConversionFailure) -> Void
  ) throws(ConversionFailure) {
    let rowBytes = header.bytesPerRow
    precondition(rows.count >= count * rowBytes)
    guard count > 0, let from = rows.assumingMemoryBound(to: UInt8.self).baseAddress, let to = block.start,
      let before = above.start
    else { return }
    for index in 0..<count {
      // The last block is kept until its end is known to be the picture's.
      if capacity - used < rowBytes + 1 { try take(compress(isLast: false)) }
      let row = from + index * rowBytes
      let last = index == 0 ? UnsafePointer(before) : row - rowBytes
      guard cimage_png_filter(row, last, rowBytes, header.channels, to + used) else {
        throw ConversionFailure(.internalError, "the PNG codec was misused")
      }
      used += rowBytes + 1
    }
    before.update(from: from + (count - 1) * rowBytes, count: rowBytes)
  }

  func end(_ take: (UnsafeBufferPointer<UInt8>) throws(ConversionFailure) -> Void) throws(ConversionFailure) {
    try take(compress(isLast: true))
  }

  private func compress(isLast: Bool) throws(ConversionFailure) -> UnsafeBufferPointer<UInt8> {
    defer { used = 0 }
    return try deflater.add(.init(rebasing: block.bytes(1)[..<used]), isLast: isLast)
  }
}
