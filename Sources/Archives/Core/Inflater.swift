import CImage

/// Undoes DEFLATE (RFC 1951) step by step.
final class Inflater {
  /// What one step came to.
  struct Step {
    let used: Int
    let produced: Int
    let isEnd: Bool
  }

  private let handle: OpaquePointer

  init() throws(ArchiveFault) {
    guard let handle = cimage_inflater_open() else { throw Inflater.noMemory }
    self.handle = handle
  }

  deinit { cimage_inflater_close(handle) }

  private static let noMemory = ArchiveFault(.tooLarge, "there is no memory to unpack it")

  /// Takes bytes and fills the place as far as they go; a step that uses and produces nothing wants more bytes.
  func step(
    _ bytes: UnsafeRawBufferPointer, into place: UnsafeMutableRawBufferPointer
  ) throws(ArchiveFault) -> Step {
    var (used, produced) = (0, 0)
    let code = cimage_inflater_run(
      handle, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count,
      place.assumingMemoryBound(to: UInt8.self).baseAddress, place.count, &used, &produced)
    if code == CIMAGE_INFLATE_MEMORY { throw Inflater.noMemory }
    if code == CIMAGE_INFLATE_DAMAGED { throw ArchiveFault(.malformed, "its compressed bytes are damaged") }
    return Step(used: used, produced: produced, isEnd: code == CIMAGE_INFLATE_END)
  }

  /// Begins with another stream.
  func restart() { cimage_inflater_restart(handle) }
}
