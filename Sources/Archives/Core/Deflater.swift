import CImage

/// Compresses a stream of bytes by DEFLATE without header and sum, handing out what is ready piece by piece.
final class Deflater {
  private static let level: Int32 = 6

  private let handle: OpaquePointer
  private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 15, alignment: 16)

  init() throws(ArchiveFault) {
    guard let handle = cimage_deflater_open(Deflater.level, false, true) else {
      throw ArchiveFault(.tooLarge, "there is no memory to pack it")
    }
    self.handle = handle
  }

  deinit {
    cimage_deflater_close(handle)
    memory.deallocate()
  }

  func add(
    _ bytes: UnsafeRawBufferPointer, isLast: Bool = false, _ take: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var rest = bytes
    while true {
      var (used, produced) = (0, 0)
      let isEnd = cimage_deflater_run(
        handle, rest.assumingMemoryBound(to: UInt8.self).baseAddress, rest.count, isLast,
        memory.assumingMemoryBound(to: UInt8.self).baseAddress, memory.count, &used, &produced)
      rest = UnsafeRawBufferPointer(rebasing: rest[used...])
      if produced > 0 { try take(UnsafeRawBufferPointer(rebasing: memory[..<produced])) }
      if isEnd || !isLast && rest.isEmpty && produced < memory.count { return }
    }
  }
}
