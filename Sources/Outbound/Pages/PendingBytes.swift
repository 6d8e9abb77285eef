/// Bytes that were read from one side and that the other one could not take yet.
struct PendingBytes {
  private var bytes: [UInt8] = []
  private var start = 0

  init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  var count: Int { bytes.count - start }
  var isEmpty: Bool { count == 0 }

  mutating func append(_ more: some Collection<UInt8>) { bytes.append(contentsOf: more) }

  mutating func withBytes<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
    bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
  }

  mutating func drop(_ count: Int) {
    start += count
    guard start >= bytes.count else { return }
    bytes.removeAll(keepingCapacity: bytes.capacity <= PageLoop.bufferSize)
    start = 0
  }

  /// Gives them all away.
  mutating func takeAll() -> [UInt8] {
    defer { self = PendingBytes() }
    return start == 0 ? bytes : Array(bytes[start...])
  }
}
