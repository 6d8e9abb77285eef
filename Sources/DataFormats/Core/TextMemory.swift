/// Bytes of a text that is put together, which grow and are used again.
package final class TextMemory {
  private var memory: UnsafeMutableRawPointer
  private var room: Int
  private var used = 0

  package init() {
    room = 256
    memory = .allocate(byteCount: room, alignment: 16)
  }

  deinit { memory.deallocate() }

  package var count: Int { used }

  /// All that has been appended; true until more is.
  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory, count: used) }

  /// A part of it, which must be there; true until more is appended.
  @inline(__always)
  package func part(from start: Int, count: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: memory + start, count: count)
  }

  package func removeAll() { used = 0 }

  @inline(__always)
  package func append(_ byte: UInt8) {
    if used == room { grow(by: 1) }
    memory.storeBytes(of: byte, toByteOffset: used, as: UInt8.self)
    used += 1
  }

  @inline(__always)
  package func append(_ more: UnsafeRawBufferPointer) {
    guard let base = more.baseAddress else { return }
    if more.count > room - used { grow(by: more.count) }
    (memory + used).copyMemory(from: base, byteCount: more.count)
    used += more.count
  }

  package func append(_ scalar: Unicode.Scalar) {
    let code = scalar.value
    guard code >= 0x80 else { return append(UInt8(code)) }
    if code < 0x800 {
      append(UInt8(0xC0 | code >> 6))
    } else {
      if code < 0x10000 {
        append(UInt8(0xE0 | code >> 12))
      } else {
        append(UInt8(0xF0 | code >> 18))
        append(UInt8(0x80 | code >> 12 & 0x3F))
      }
      append(UInt8(0x80 | code >> 6 & 0x3F))
    }
    append(UInt8(0x80 | code & 0x3F))
  }

  private func grow(by more: Int) {
    let larger = max(room * 2, used + more)
    let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
    moved.copyMemory(from: memory, byteCount: used)
    memory.deallocate()
    memory = moved
    room = larger
  }
}
