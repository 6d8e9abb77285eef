import CImage
package import Formats

/// Compresses a stream of bytes as zlib does, handing out what is ready piece by piece.
package final class Deflater {
  private static let capacity = 1 << 15

  private let handle: OpaquePointer
  private let buffer: PixelRows

  /// `isNoise` chooses runs and Huffman codes only, which is nearly as small for filtered photographs and far quicker;
  /// `isBare` leaves out zlib's own header and sum, as ZIP wants it.
  package init(level: Int, isNoise: Bool = false, isBare: Bool = false) throws(ConversionFailure) {
    guard let handle = cimage_deflater_open(Int32(level), isNoise, isBare) else { throw .outOfMemory }
    self.handle = handle
    buffer = try PixelRows(rows: 1, bytesPerRow: Deflater.capacity)
  }

  deinit { cimage_deflater_close(handle) }

  package func add(
    _ bytes: UnsafeRawBufferPointer, isLast: Bool = false,
    _ take: (UnsafeRawBufferPointer) throws(ConversionFailure) -> Void
  ) throws(ConversionFailure) {
    var rest = bytes
    while true {
      var (used, produced) = (0, 0)
      let from = rest.assumingMemoryBound(to: UInt8.self)
      let isEnd = cimage_deflater_run(
        handle, from.baseAddress, from.count, isLast, buffer.start, Deflater.capacity, &used, &produced)
      rest = UnsafeRawBufferPointer(rebasing: rest[used...])
      if produced > 0 { try take(.init(rebasing: buffer.bytes(1)[..<produced])) }
      if isEnd || (!isLast && rest.isEmpty && produced < Deflater.capacity) { return }
      guard used > 0 || produced > 0 else { throw ConversionFailure(.internalError, "zlib stands still") }
    }
  }

  package func end(_ take: (UnsafeRawBufferPointer) throws(ConversionFailure) -> Void) throws(ConversionFailure) {
    try add(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true, take)
  }
}
