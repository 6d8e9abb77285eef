import Archives

/// Bytes that are in memory, for what takes them in order.
final class ContentSource: ByteSource {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func read(_ memory: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = min(memory.count, bytes.count - place)
    memory.copyBytes(from: bytes[place..<place + count])
    place += count
    return count
  }
}
