import CSystem

/// SHA-256 (FIPS 180-4), fed in pieces; it uses the CPU's SHA instructions where they exist.
package struct SHA256: Sendable {
  package static let digestSize = 32
  static let blockSize = 64

  private static let hasInstructions = csystem_has_sha256_instructions()

  /// Eight words that need no memory of their own.
  private var state = SIMD8<UInt32>(
    0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19)
  /// What does not fill a block yet, without memory of its own.
  private var pending = InlineArray<64, UInt8>(repeating: 0)
  private var pendingCount = 0
  private var length: UInt64 = 0
  private let usesInstructions: Bool

  package init() {
    self.init(usesInstructions: SHA256.hasInstructions)
  }

  /// Lets a test compare both ways; asking for instructions that the CPU lacks is ignored.
  init(usesInstructions: Bool) {
    self.usesInstructions = usesInstructions && SHA256.hasInstructions
  }

  /// The digest of one piece, 32 bytes.
  package static func digest(_ bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }

  package static func digest(_ text: String.UTF8View) -> [UInt8] { digest(Array(text)) }

  package mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length &+= UInt64(bytes.count)
    var rest = bytes[...]
    if pendingCount > 0 {
      rest = keep(rest)
      guard pendingCount == SHA256.blockSize else { return }
      withUnsafeBytes(of: pending) { SHA256.fold($0, into: &state, usesInstructions) }
      pendingCount = 0
    }
    let whole = rest.count / SHA256.blockSize * SHA256.blockSize
    if whole > 0 {
      SHA256.fold(UnsafeRawBufferPointer(rebasing: rest.prefix(whole)), into: &state, usesInstructions)
    }
    _ = keep(rest.dropFirst(whole))
  }

  /// Puts as much behind what is pending as has room in its block, and gives the rest.
  private mutating func keep(_ bytes: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
    let count = min(bytes.count, SHA256.blockSize - pendingCount)
    for (index, byte) in bytes.prefix(count).enumerated() { pending[pendingCount + index] = byte }
    pendingCount += count
    return bytes.dropFirst(count)
  }

  /// The 32 bytes of the message; nothing may be added after.
  package mutating func finish() -> [UInt8] {
    let bitCount = length &* 8
    // One block, or two when the length no longer fits behind what is pending.
    let size = pendingCount + 9 <= SHA256.blockSize ? SHA256.blockSize : 2 * SHA256.blockSize
    withUnsafeTemporaryAllocation(byteCount: size, alignment: 16) { block in
      block.initializeMemory(as: UInt8.self, repeating: 0)
      withUnsafeBytes(of: pending) { block.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.prefix(pendingCount))) }
      block[pendingCount] = 0x80
      block.storeBytes(of: bitCount.bigEndian, toByteOffset: size - 8, as: UInt64.self)
      SHA256.fold(UnsafeRawBufferPointer(block), into: &state, usesInstructions)
    }
    return [UInt8](unsafeUninitializedCapacity: SHA256.digestSize) { bytes, count in
      for index in 0..<8 {
        UnsafeMutableRawBufferPointer(bytes)
          .storeBytes(of: state[index].bigEndian, toByteOffset: 4 * index, as: UInt32.self)
      }
      count = SHA256.digestSize
    }
  }

  private static func fold(_ blocks: UnsafeRawBufferPointer, into state: inout SIMD8<UInt32>, _ usesInstructions: Bool)
  {
    guard let start = blocks.baseAddress else { return }
    if usesInstructions {
      withUnsafeMutableBytes(of: &state) { words in
        csystem_sha256_blocks(
          words.assumingMemoryBound(to: UInt32.self).baseAddress, start.assumingMemoryBound(to: UInt8.self),
          blocks.count / blockSize)
      }
    } else {
      foldPortably(blocks, into: &state)
    }
  }

  private static func foldPortably(_ blocks: UnsafeRawBufferPointer, into state: inout SIMD8<UInt32>) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { words in
      for block in stride(from: 0, to: blocks.count, by: blockSize) {
        for i in 0..<16 {
          words[i] = UInt32(bigEndian: blocks.loadUnaligned(fromByteOffset: block + 4 * i, as: UInt32.self))
        }
        for i in 16..<64 {
          let early = words[i - 15]
          let late = words[i - 2]
          let small = rotate(early, 7) ^ rotate(early, 18) ^ (early >> 3)
          let large = rotate(late, 17) ^ rotate(late, 19) ^ (late >> 10)
          words[i] = words[i - 16] &+ small &+ words[i - 7] &+ large
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for i in 0..<64 {
          let mixed = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
          let first = h &+ mixed &+ ((e & f) ^ (~e & g)) &+ constants[i] &+ words[i]
          let second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ ((a & b) ^ (a & c) ^ (b & c))
          (h, g, f, e) = (g, f, e, d &+ first)
          (d, c, b, a) = (c, b, a, first &+ second)
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
        state[5] &+= f
        state[6] &+= g
        state[7] &+= h
      }
    }
  }

  private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word >> count | word << (32 - count)
  }

  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}
