package import Formats
import Glibc

/// Memory for a band of rows; running out of it is a failure of the conversion, not of the process.
package final class PixelRows {
  /// Rows that are worked on at once: a multiple of the 16 that a JPEG is coded in, few enough to stay in the processor's
  /// cache.
  static let bandRows = 32

  private let memory: UnsafeMutableRawPointer
  private let count: Int
  let bytesPerRow: Int

  package init(rows: Int, bytesPerRow: Int) throws(ConversionFailure) {
    let (count, overflows) = rows.multipliedReportingOverflow(by: bytesPerRow)
    guard !overflows, count > 0, let memory = malloc(count) else {
      throw .outOfMemory
    }
    self.memory = memory
    self.count = count
    self.bytesPerRow = bytesPerRow
  }

  deinit { free(memory) }

  /// The first `rows` rows of the band, which must not be more than it was made for.
  package func bytes(_ rows: Int) -> UnsafeMutableRawBufferPointer {
    precondition(rows * bytesPerRow <= count)
    return UnsafeMutableRawBufferPointer(start: memory, count: rows * bytesPerRow)
  }

  func row(_ index: Int) -> UnsafeMutableRawBufferPointer {
    precondition((index + 1) * bytesPerRow <= count)
    return UnsafeMutableRawBufferPointer(start: memory + index * bytesPerRow, count: bytesPerRow)
  }

  /// The first byte, for the loops in C.
  var start: UnsafeMutablePointer<UInt8>? { memory.assumingMemoryBound(to: UInt8.self) }
}
