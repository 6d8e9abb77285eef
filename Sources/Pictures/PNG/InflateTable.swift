import Formats

/// A table that finds the symbol of a Huffman code (RFC 1951 section 3.2.2) by the next bits of the stream.
///
/// An entry holds in its low six bits how many bits it takes from the stream, those behind the code included, and in bits
/// 8 to 11 how many of these are the code; the value stands from bit 16 on. In an entry of literals, of which there are
/// one or two, these stand from bit 8 on and their number from bit 24 on.
struct InflateTable: ~Copyable {
  static let literal: UInt32 = 1 << 31
  /// Neither literal, length nor distance: a second table, the end of the block, or a code that there is not.
  static let special: UInt32 = 1 << 15
  static let second: UInt32 = 1 << 14
  static let blockEnd: UInt32 = 1 << 13

  /// The longest code that the format allows.
  static let longest = 15

  let entries: UnsafeMutablePointer<UInt32>
  let bits: Int
  private let capacity: Int

  /// Makes room for codes of at most `symbols` symbols.
  ///
  /// A code longer than `bits` shares its first bits with another, so there
  /// are at most half as many second tables as symbols.
  init(bits: Int, symbols: Int) {
    self.bits = bits
    capacity = 1 << bits + (symbols / 2) << (InflateTable.longest - bits)
    entries = .allocate(capacity: capacity)
    entries.initialize(repeating: InflateTable.special, count: capacity)
  }

  deinit { entries.deallocate() }

  /// Fills the table with the code that these lengths define; `meanings` are the entries of the symbols without the
  /// code's own length.
  ///
  /// False for a code that contradicts itself or leaves bits without a meaning, unless it may have at
  /// most one symbol and that is a single bit long, as zlib has it.
  func fill(
    _ lengths: UnsafeBufferPointer<UInt8>, _ meanings: UnsafeBufferPointer<UInt32>, mayHaveOne: Bool
  ) -> Bool {
    guard lengths.count <= meanings.count else { return false }
    return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 32) { scratch in
      scratch.initialize(repeating: 0)
      let counts = UnsafeMutableBufferPointer(rebasing: scratch[..<16])
      let next = UnsafeMutableBufferPointer(rebasing: scratch[16...])
      var longest = 0
      for length in lengths where length != 0 {
        guard length <= InflateTable.longest else { return false }
        counts[Int(length)] += 1
        longest = max(longest, Int(length))
      }
      var code: UInt32 = 0
      for length in 1...InflateTable.longest {
        code = (code + counts[length - 1]) << 1
        next[length] = code
        guard code + counts[length] <= 1 << length else { return false }
      }
      // Complete codes end with nothing but ones.
      let isComplete = longest > 0 && next[longest] + counts[longest] == 1 << longest
      guard isComplete || (mayHaveOne && longest <= 1) else { return false }
      entries.update(repeating: InflateTable.special, count: 1 << bits)
      return place(lengths, meanings, next, longest)
    }
  }

  private func place(
    _ lengths: UnsafeBufferPointer<UInt8>, _ meanings: UnsafeBufferPointer<UInt32>,
    _ next: UnsafeMutableBufferPointer<UInt32>, _ longest: Int
  ) -> Bool {
    var used = 1 << bits
    for symbol in 0..<lengths.count where lengths[symbol] != 0 {
      let length = Int(lengths[symbol])
      let meaning = meanings[symbol]
      let isLiteral = meaning & InflateTable.literal != 0
      let entry = meaning + UInt32(length) + (isLiteral ? 0 : UInt32(length) << 8)
      let reversed = Int(InflateTable.reversed(UInt16(truncatingIfNeeded: next[length])) >> (16 - length))
      next[length] += 1
      if length <= bits {
        var index = reversed
        while index < 1 << bits {
          entries[index] = entry
          index += 1 << length
        }
        continue
      }
      let first = reversed & (1 << bits - 1)
      let size = longest - bits
      if entries[first] & InflateTable.second == 0 {
        guard used + 1 << size <= capacity else { return false }
        entries[first] = InflateTable.special | InflateTable.second | UInt32(used) << 16 | UInt32(size) << 8
        (entries + used).update(repeating: InflateTable.special, count: 1 << size)
        used += 1 << size
      }
      var index = reversed >> bits
      let table = entries + Int(entries[first] >> 16)
      while index < 1 << size {
        table[index] = entry
        index += 1 << (length - bits)
      }
    }
    return true
  }

  /// Lets an entry hand out two literals where both codes fit its bits.
  func pairLiterals() {
    // From the end: what an entry looks up stands before it, and still is a single one.
    var index = 1 << bits - 1
    while index >= 0 {
      let first = entries[index]
      if first & InflateTable.literal != 0 {
        let length = first & 63
        let second = entries[index &>> Int(length)]
        let both = length &+ second & 63
        if second & InflateTable.literal != 0, both <= bits {
          entries[index] =
            InflateTable.literal | 2 << 24 | (second & 0xFF00) << 8 | first & 0xFF00 | both
        }
      }
      index -= 1
    }
  }

  @inline(__always)
  private static func reversed(_ value: UInt16) -> UInt16 {
    var value = value
    value = (value & 0x5555) << 1 | (value >> 1) & 0x5555
    value = (value & 0x3333) << 2 | (value >> 2) & 0x3333
    value = (value & 0x0F0F) << 4 | (value >> 4) & 0x0F0F
    return value.byteSwapped
  }
}
