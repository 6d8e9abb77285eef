import Glibc

/// Bytes received and not used yet; grows for uploads and belongs to one connection.
final class ReadBuffer {
  static let smallest = 8 * 1024
  static let largest = 256 * 1024

  private var memory: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0

  init(capacity: Int = ReadBuffer.smallest) {
    memory = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit {
    memory.deallocate()
  }

  var capacity: Int { memory.count }
  var count: Int { end - start }
  var isEmpty: Bool { start == end }

  /// Valid until the next change of the buffer.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<end]) }

  /// Room at the end, after what is there was moved to the front when needed.
  var free: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: memory[end...]) }

  func consume(_ count: Int) {
    start += count
    if start == end { (start, end) = (0, 0) }
  }

  func filled(_ count: Int) {
    end += count
  }

  /// Makes room: what is unread moves to the front of at least `capacity` bytes.
  func reserve(_ capacity: Int) {
    guard start > 0 || capacity > memory.count else { return }
    if capacity > memory.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
      larger.copyMemory(from: bytes)
      memory.deallocate()
      memory = larger
    } else if !isEmpty, let base = memory.baseAddress {
      memmove(base, base + start, count)
    }
    (start, end) = (0, count)
  }

  func append(_ bytes: some Sequence<UInt8>) {
    let added = Array(bytes)
    reserve(count + added.count)
    free.copyBytes(from: added)
    filled(added.count)
  }
}
