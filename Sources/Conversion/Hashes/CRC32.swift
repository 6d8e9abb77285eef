/// The cyclic redundancy check of ZIP, gzip and PNG (ITU-T V.42).
struct CRC32: StreamHash {
  private static let table: [UInt32] = (0..<256).map { index in
    var sum = UInt32(index)
    for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
    return sum
  }

  private var sum: UInt32 = ~0

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var sum = sum
    CRC32.table.withUnsafeBufferPointer { table in
      for byte in bytes { sum = table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ (sum >> 8) }
    }
    self.sum = sum
  }

  mutating func finish() -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: ~sum >> (24 - $0 * 8)) } }
}
