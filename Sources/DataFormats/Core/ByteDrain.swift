/// Where a writer puts the bytes of a document; they leave in pieces.
package final class ByteDrain {
  /// How many bytes are gathered before they leave.
  package static let piece = 1 << 17

  private let leave: (UnsafeRawBufferPointer) throws -> Void
  private let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: piece)
  private var used = 0
  private var left = 0

  /// How many bytes have been put in altogether.
  package var count: Int { left + used }

  /// `leave` takes every piece; what it throws ends the writing.
  package init(_ leave: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.leave = leave }

  deinit { memory.deallocate() }

  @inline(__always)
  package func put(_ byte: UInt8) throws {
    if used == Self.piece { try flush() }
    memory[used] = byte
    used += 1
  }

  @inline(__always)
  package func put(_ bytes: UnsafeRawBufferPointer) throws {
    guard let base = bytes.baseAddress, bytes.count <= Self.piece - used else { return try putBeyond(bytes) }
    UnsafeMutableRawPointer(memory + used).copyMemory(from: base, byteCount: bytes.count)
    used += bytes.count
  }

  package func put(_ text: String) throws {
    var text = text
    try text.withUTF8 { try put(UnsafeRawBufferPointer($0)) }
  }

  package func put(_ text: StaticString) throws {
    try put(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Lets go of what is still here; the last act of every writer.
  package func flush() throws {
    guard used > 0 else { return }
    left += used
    let gathered = UnsafeRawBufferPointer(start: memory, count: used)
    used = 0
    try leave(gathered)
  }

  /// What has no room here: a long text leaves as it is, without a copy.
  private func putBeyond(_ bytes: UnsafeRawBufferPointer) throws {
    guard !bytes.isEmpty else { return }
    try flush()
    guard bytes.count >= Self.piece else { return try put(bytes) }
    left += bytes.count
    try leave(bytes)
  }
}
