/// Bytes that come in order, as many at a time as are asked for.
package protocol ByteSource: AnyObject {
  /// Reads up to `place.count` bytes, which is more than none; tells how many there were, none only at the end.
  ///
  /// Throws `ArchiveFault` for bytes that are not what they should be, and `SystemFailure`.
  func read(_ place: UnsafeMutableRawBufferPointer) throws -> Int
}

extension ByteSource {
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
