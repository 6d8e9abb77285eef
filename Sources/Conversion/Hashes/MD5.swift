import Formats
import Glibc

/// MD5 (RFC 1321), for comparing files with sums that others have made; it protects against nobody.
struct MD5: BlockHash {
  static let blockSize = 64
  static let isBigEndian = false

  private static let turns: [UInt32] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
  /// The sines of 1 to 64, as RFC 1321 section 3.4 makes them.
  private static let constants = (1...64).map { UInt32(abs(sin(Double($0))) * 4_294_967_296) }

  private var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]

  mutating func fold(_ block: UnsafeRawBufferPointer) {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    for index in 0..<64 {
      let mixed: UInt32
      let place: Int
      switch index / 16 {
      case 0: (mixed, place) = (b & c | ~b & d, index)
      case 1: (mixed, place) = (d & b | ~d & c, (5 * index + 1) % 16)
      case 2: (mixed, place) = (b ^ c ^ d, (3 * index + 5) % 16)
      default: (mixed, place) = (c ^ (b | ~d), 7 * index % 16)
      }
      let word = UInt32(littleEndian: block.loadUnaligned(fromByteOffset: place * 4, as: UInt32.self))
      let sum = a &+ mixed &+ MD5.constants[index] &+ word
      let count = MD5.turns[index / 16 * 4 + index % 4]
      (a, d, c, b) = (d, c, b, b &+ (sum << count | sum >> (32 - count)))
    }
    for (index, value) in [a, b, c, d].enumerated() { state[index] &+= value }
  }

  var digest: [UInt8] { state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } } }
}
