/// XXH64 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md): tells whether bytes are what was written, and nothing more.
package enum XXH64 {
  private static let primes: (UInt64, UInt64, UInt64, UInt64, UInt64) = (
    0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63, 0x27D4_EB2F_1656_67C5
  )

  /// The sum of the bytes with the seed 0.
  package static func sum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var place = 0
    var sum = primes.4
    if bytes.count >= 32 {
      var a = primes.0 &+ primes.1
      var b = primes.1
      var c: UInt64 = 0
      var d = 0 &- primes.0
      while place &+ 32 <= bytes.count {
        a = round(a, word(bytes, place))
        b = round(b, word(bytes, place &+ 8))
        c = round(c, word(bytes, place &+ 16))
        d = round(d, word(bytes, place &+ 24))
        place &+= 32
      }
      sum = rotated(a, 1) &+ rotated(b, 7) &+ rotated(c, 12) &+ rotated(d, 18)
      for lane in [a, b, c, d] { sum = (sum ^ round(0, lane)) &* primes.0 &+ primes.3 }
    }
    sum &+= UInt64(bytes.count)
    while place &+ 8 <= bytes.count {
      sum = rotated(sum ^ round(0, word(bytes, place)), 27) &* primes.0 &+ primes.3
      place &+= 8
    }
    if place &+ 4 <= bytes.count {
      let half = UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
      sum = rotated(sum ^ (half &* primes.0), 23) &* primes.1 &+ primes.2
      place &+= 4
    }
    while place < bytes.count {
      sum = rotated(sum ^ (UInt64(bytes[place]) &* primes.4), 11) &* primes.0
      place &+= 1
    }
    sum = (sum ^ (sum >> 33)) &* primes.1
    sum = (sum ^ (sum >> 29)) &* primes.2
    return sum ^ (sum >> 32)
  }

  @inline(__always)
  private static func word(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
  }

  @inline(__always)
  private static func round(_ sum: UInt64, _ word: UInt64) -> UInt64 {
    rotated(sum &+ word &* primes.1, 31) &* primes.0
  }

  @inline(__always)
  private static func rotated(_ word: UInt64, _ bits: UInt64) -> UInt64 { (word << bits) | (word >> (64 - bits)) }
}
