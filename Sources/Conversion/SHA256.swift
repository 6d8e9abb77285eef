// TEMPORARY stand-in: delete this file once Basics has SHA256 (same calls).
import CSystem

/// Stand-in until Basics has its own.
struct SHA256 {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var pending: [UInt8] = []
  private var total: UInt64 = 0

  /// Only for a processor with SHA instructions, as the stand-in has no other way.
  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    total += UInt64(bytes.count)
    pending.append(contentsOf: bytes)
    let whole = pending.count / 64
    pending.withUnsafeBufferPointer { csystem_sha256_blocks(&state, $0.baseAddress, whole) }
    pending.removeFirst(whole * 64)
  }

  mutating func finish() -> [UInt8] {
    let bits = total * 8
    var tail: [UInt8] = [0x80] + [UInt8](repeating: 0, count: (119 - pending.count) % 64)
    for shift in stride(from: 56, through: 0, by: -8) { tail.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift))) }
    tail.withUnsafeBytes { update($0) }
    return state.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) } }
  }
}
