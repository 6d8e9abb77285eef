/// One entry of the record that `powerlog.c` keeps, in the layout that it has there.
struct PowerRecord {
  enum Kind: UInt32 {
    case write = 1
    case size, grow, make, link, unlink, rename, sync, synced, syncAll, syncedAll, answer, mark
  }

  let kind: Kind
  let mode: UInt32
  /// Numbers of the file or folder itself, and of the folders in which its names are.
  let node: UInt64
  let folder: UInt64
  let second: UInt64
  /// Where bytes are written, a size, or where the entry lies with which a sync has begun.
  let offset: UInt64
  let name: String
  let other: String
  /// Where the bytes that were written lie in the record.
  let data: Range<Int>
  let start: UInt64

  private static let headBytes = 64

  static func all(in bytes: [UInt8]) -> [PowerRecord] {
    bytes.withUnsafeBytes { memory in
      var found: [PowerRecord] = []
      var place = 0
      while place + headBytes <= memory.count, let record = PowerRecord(memory, at: place) {
        found.append(record)
        place = (record.data.upperBound + 7) & ~7
      }
      return found
    }
  }

  private init?(_ memory: UnsafeRawBufferPointer, at place: Int) {
    func number(_ index: Int) -> UInt64 { memory.loadUnaligned(fromByteOffset: place + 8 * index, as: UInt64.self) }
    let first = number(0)
    guard let kind = Kind(rawValue: UInt32(truncatingIfNeeded: first)) else { return nil }
    self.kind = kind
    mode = UInt32(truncatingIfNeeded: first >> 32)
    (node, folder, second, offset) = (number(1), number(2), number(3), number(4))
    let names = place + Self.headBytes
    let others = names + Int(number(5))
    let bytes = others + Int(number(6))
    name = String(decoding: memory[names..<others], as: UTF8.self)
    other = String(decoding: memory[others..<bytes], as: UTF8.self)
    data = bytes..<bytes + Int(number(7))
    start = UInt64(place)
  }
}
