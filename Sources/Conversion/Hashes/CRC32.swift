import Formats

/// The cyclic redundancy check of ZIP, gzip and PNG (ITU-T V.42).
struct CRC32: StreamHash {
  /// How many bytes are folded in at once, each by a table of its own.
  private static let lanes = 8

  /// Table after table: entry `byte` of table `n` is what the byte comes to when `n` zeros follow it.
  private static let tables: [UInt32] = {
    var tables: [UInt32] = (0..<256).map { index in
      var sum = UInt32(index)
      for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
      return sum
    }
    for place in 256..<256 * lanes {
      let before = tables[place - 256]
      tables.append(tables[Int(before & 0xFF)] ^ (before >> 8))
    }
    return tables
  }()

  private var sum: UInt32 = ~0

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    sum = CRC32.tables.withUnsafeBufferPointer { tables in
      guard let tables = tables.baseAddress else { return sum }
      var sum = sum
      var place = 0
      while place &+ CRC32.lanes <= bytes.count {
        let word = UInt64(littleEndian: start.loadUnaligned(fromByteOffset: place, as: UInt64.self)) ^ UInt64(sum)
        sum = 0
        for lane in 0..<CRC32.lanes {
          let byte = Int((word >> UInt64(lane &* 8)) & 0xFF)
          sum ^= tables[(7 &- lane) &* 256 &+ byte]
        }
        place &+= CRC32.lanes
      }
      while place < bytes.count {
        let byte = start.load(fromByteOffset: place, as: UInt8.self)
        sum = tables[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ (sum >> 8)
        place &+= 1
      }
      return sum
    }
  }

  mutating func finish() -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: ~sum >> (24 - $0 * 8)) } }
}
