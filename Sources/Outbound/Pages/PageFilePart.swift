import Glibc

/// What is still to be sent of an open file.
struct PageFilePart {
  let descriptor: Int32
  private(set) var offset: Int64
  private(set) var rest: Int64

  init(descriptor: Int32, offset: Int64, length: Int64) {
    self.descriptor = descriptor
    self.offset = offset
    rest = length
  }

  /// Reads the next piece; nil when the file is shorter than it was said to be.
  mutating func read(into room: UnsafeMutableRawBufferPointer) -> Int? {
    while true {
      let count = pread(descriptor, room.baseAddress, Int(min(rest, Int64(room.count))), off_t(offset))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return nil }
      offset += Int64(count)
      rest -= Int64(count)
      return count
    }
  }
}
