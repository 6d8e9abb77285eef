import CImage

/// Writes one member of gzip (RFC 1952) as bytes come.
package final class GZIPWriter {
  private let deflater: Deflater
  private let put: (UnsafeRawBufferPointer) throws -> Void
  private var sum: UInt32 = 0
  private var count = 0

  /// Writes the header, in which there is no name and no time, so that the same bytes make the same file; `put` takes
  /// each piece.
  ///
  /// Throws `ArchiveFault` and what `put` throws.
  package init(_ put: @escaping (UnsafeRawBufferPointer) throws -> Void) throws {
    deflater = try Deflater()
    self.put = put
    let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    try header.withUnsafeBytes(put)
  }

  package func write(_ bytes: UnsafeRawBufferPointer) throws {
    sum = cimage_crc(sum, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count)
    count += bytes.count
    try deflater.add(bytes, put)
  }

  /// Completes the file.
  package func finish() throws {
    try deflater.add(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true, put)
    let trailer = [Int(sum), count].flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
    try trailer.withUnsafeBytes(put)
  }
}
