import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// Puts a PNG together by hand, for variants that the product does not write and for damaged ones.
struct PNGBuilder {
  private(set) var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  init(width: Int, height: Int, bits: Int, colorType: Int, interlaced: Bool = false) {
    let tail = [UInt8(bits), UInt8(colorType), 0, 0, interlaced ? 1 : 0]
    chunk("IHDR", PNGBuilder.bigEndian(width) + PNGBuilder.bigEndian(height) + tail)
  }

  mutating func chunk(_ name: String, _ data: [UInt8]) {
    let body = Array(name.utf8) + data
    bytes += PNGBuilder.bigEndian(data.count) + body + PNGBuilder.bigEndian(Int(PNGBuilder.crc32(body)))
  }

  /// Rows with their filters in front, compressed by zlib, in chunks of at most `chunkBytes`, and the end of the file.
  mutating func finish(raw: [UInt8], level: Int, chunkBytes: Int = .max) {
    var data: [UInt8] = []
    XCTAssertNoThrow(
      try raw.withUnsafeBytes { raw in
        try Deflater(level: level).add(raw, isLast: true) { data += $0 }
      })
    var rest = data[...]
    while !rest.isEmpty {
      chunk("IDAT", Array(rest.prefix(chunkBytes)))
      rest = rest.dropFirst(chunkBytes)
    }
    chunk("IEND", [])
  }

  /// Makes the sums of all chunks right, as far as there are whole ones.
  static func repair(_ file: inout [UInt8]) {
    var place = 8
    while file.count - place >= 12 {
      let length = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= file.count - place - 12 else { return }
      let end = place + 8 + length
      file.replaceSubrange(end..<end + 4, with: bigEndian(Int(crc32(Array(file[place + 4..<end])))))
      place = end + 4
    }
  }

  /// The rows with filter "none" each, in one stored deflate block, more chunks, and the end of the file.
  mutating func finish(rows: [[UInt8]], trailer: [(name: String, data: [UInt8])] = []) {
    let raw: [UInt8] = Array(rows.map { (row: [UInt8]) -> [UInt8] in [0] + row }.joined())
    let length = [UInt8(raw.count & 255), UInt8(raw.count >> 8)]
    var data: [UInt8] = [0x78, 0x01, 0x01] + length
    data += length.map { ~$0 }
    data += raw
    data += PNGBuilder.bigEndian(PNGBuilder.adler32(raw))
    chunk("IDAT", data)
    for (name, data) in trailer { chunk(name, data) }
    chunk("IEND", [])
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private static func adler32(_ bytes: [UInt8]) -> Int {
    var (low, high) = (1, 0)
    for byte in bytes {
      low = (low + Int(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return high << 16 | low
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}
