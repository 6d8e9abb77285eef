/// SipHash-2-4 (Aumasson and Bernstein, 2012): a pseudo-random function of short messages under a 128-bit key.
package struct SipHash: Sendable {
  private let first: UInt64
  private let second: UInt64

  /// Takes the key as two little-endian words.
  package init(_ first: UInt64, _ second: UInt64) {
    self.first = first
    self.second = second
  }

  /// The code of a message of whole 64-bit words, which are its bytes in little-endian order.
  package func code(_ words: UInt64...) -> UInt64 { code(of: words) }

  /// The code of one word, without any memory.
  package func code(ofWord word: UInt64) -> UInt64 {
    var state = State(first, second)
    state.take(word)
    return state.finish(length: 8)
  }

  private func code(of words: [UInt64]) -> UInt64 {
    var state = State(first, second)
    for word in words { state.take(word) }
    return state.finish(length: words.count * 8)
  }

  private struct State {
    var a: UInt64
    var b: UInt64
    var c: UInt64
    var d: UInt64

    /// The constants spell "somepseudorandomlygeneratedbytes".
    init(_ first: UInt64, _ second: UInt64) {
      a = first ^ 0x736F_6D65_7073_6575
      b = second ^ 0x646F_7261_6E64_6F6D
      c = first ^ 0x6C79_6765_6E65_7261
      d = second ^ 0x7465_6462_7974_6573
    }

    @inline(__always)
    mutating func take(_ word: UInt64) {
      d ^= word
      round()
      round()
      a ^= word
    }

    mutating func finish(length: Int) -> UInt64 {
      take(UInt64(truncatingIfNeeded: length) << 56)
      c ^= 0xFF
      for _ in 0..<4 { round() }
      return a ^ b ^ c ^ d
    }

    @inline(__always)
    private mutating func round() {
      a &+= b
      b = rotated(b, 13) ^ a
      a = rotated(a, 32)
      c &+= d
      d = rotated(d, 16) ^ c
      a &+= d
      d = rotated(d, 21) ^ a
      c &+= b
      b = rotated(b, 17) ^ c
      c = rotated(c, 32)
    }

    @inline(__always)
    private func rotated(_ word: UInt64, _ count: UInt64) -> UInt64 { word << count | word >> (64 - count) }
  }
}
