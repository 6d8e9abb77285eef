/// Bytes that come in order, as many at a time as are asked for.
package protocol ByteSource: AnyObject {
  /// Reads up to `place.count` bytes, which is more than none; tells how many there were, none only at the end.
  ///
  /// Throws `ArchiveFault` for bytes that are not what they should be, and `SystemFailure`.
  func read(_ place: UnsafeMutableRawBufferPointer) throws -> Int

  /// Passes over so many bytes; tells how many there were, fewer only at the end.
  ///
  /// Throws as `read` does.
  func skip(_ count: Int) throws -> Int
}

extension ByteSource {
  package func skip(_ count: Int) throws -> Int {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: min(count, 1 << 16) + 1, alignment: 16)
    defer { memory.deallocate() }
    var skipped = 0
    while skipped < count {
      let got = try read(UnsafeMutableRawBufferPointer(rebasing: memory[..<min(memory.count, count - skipped)]))
      if got == 0 { break }
      skipped += got
    }
    return skipped
  }

  /// Up to `count` bytes, fewer only at the end.
  func bytes(_ count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { memory, filled in
      filled = try fill(UnsafeMutableRawBufferPointer(memory))
    }
  }

  /// Reads until the place is full or the bytes end; tells how many there were.
  package func fill(_ place: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < place.count {
      let got = try read(UnsafeMutableRawBufferPointer(rebasing: place[filled...]))
      if got == 0 { break }
      filled += got
    }
    return filled
  }

  /// Gives all bytes in pieces, which are there while they are taken.
  package func forEachPiece(_ take: (UnsafeRawBufferPointer) throws -> Void) throws {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { memory.deallocate() }
    while true {
      let got = try read(memory)
      if got == 0 { return }
      try take(UnsafeRawBufferPointer(rebasing: memory[..<got]))
    }
  }
}
