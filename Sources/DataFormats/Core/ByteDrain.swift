/// Where a writer puts the bytes of a document; they leave in pieces.
package final class ByteDrain {
  /// How many bytes are gathered before they leave.
  package static let piece = 1 << 17

  private let leave: (UnsafeRawBufferPointer) throws -> Void
  private var memory: [UInt8] = []
  /// How many bytes have been put in altogether.
  package private(set) var count = 0

  /// `leave` takes every piece; what it throws ends the writing.
  package init(_ leave: @escaping (UnsafeRawBufferPointer) throws -> Void) {
    self.leave = leave
    memory.reserveCapacity(Self.piece)
  }

  @inline(__always)
  package func put(_ byte: UInt8) throws {
    memory.append(byte)
    if memory.count >= Self.piece { try flush() }
  }

  package func put(_ bytes: UnsafeRawBufferPointer) throws {
    memory.append(contentsOf: bytes)
    if memory.count >= Self.piece { try flush() }
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
    count += memory.count
    defer { memory.removeAll(keepingCapacity: true) }
    try memory.withUnsafeBytes { if !$0.isEmpty { try leave($0) } }
  }
}
