import Formats

/// Decodes a zlib stream (RFC 1950 and 1951) piece by piece; whatever it does not take is left to zlib's judgement.
///
/// It works on bare memory, in the sandboxed child only. The caller vouches for room: `padding` readable bytes behind the
/// input and `slack` writable ones behind the output's limit.
final class Inflater {
  /// More than the longest description of codes, or two symbols with their bits, can take.
  static let padding = 1024
  /// More than the literals and one match that are written between two looks at the limit, rounded up to whole words.
  static let slack = 320

  /// A position in the input and one in the output.
  struct Place {
    var input: UnsafePointer<UInt8>
    var output: UnsafeMutablePointer<UInt8>
  }

  enum State {
    case streamHeader, blockHeader, stored, coded, ended, failed
  }

  private(set) var state = State.streamHeader
  private var bits: UInt64 = 0
  private var bitCount = 0
  private var isLastBlock = false
  private var storedCount = 0
  private var longestDistance = 0
  private var hasFixedCodes = false
  /// Each description of codes costs time whatever the block holds, so a stream of nothing else is not read here.
  private var blocks = 0
  private var bytesBefore = 0
  private static let mostIdleBlocks = 1000
  private static let bytesPerBlock = 256

  private let literals = InflateTable(bits: 11, symbols: 288)
  private let distances = InflateTable(bits: 8, symbols: 32)
  private let lengthCodes = InflateTable(bits: 7, symbols: 19)
  private let lengths = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 320)

  init() { lengths.initialize(repeating: 0) }

  deinit { lengths.deallocate() }

  /// Decodes until a limit is reached, or the end, or something that is not taken.
  ///
  /// `first` is where the output that can be referred to begins.
  /// The input's limit is `padding` bytes before its end, or, when no more will come and zeros follow it, 8 bytes behind.
  func run(
    _ place: inout Place, until inputLimit: UnsafePointer<UInt8>, _ outputLimit: UnsafeMutablePointer<UInt8>,
    first: UnsafeMutablePointer<UInt8>
  ) {
    while place.input < inputLimit, place.output < outputLimit {
      let (before, beforeInput) = (place.output, place.input)
      switch state {
      case .streamHeader: readStreamHeader(&place)
      case .blockHeader: readBlockHeader(&place)
      case .stored: copyStored(&place, inputLimit, outputLimit)
      case .coded: decode(&place, until: inputLimit, outputLimit, first: first)
      case .ended, .failed: return
      }
      bytesBefore += place.output - before + max(0, place.input - beforeInput)
    }
  }

  /// How many bytes before the place in the input the next unused one stands; only between blocks.
  var unusedBytes: Int { bitCount >> 3 }

  @inline(__always)
  private static func word(_ place: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
  }

  /// Leaves at least 56 bits; those above the count are the true next ones too.
  @inline(__always)
  private func refill(_ place: inout Place) {
    bits |= Inflater.word(place.input) &<< UInt64(truncatingIfNeeded: bitCount)
    place.input += (63 &- bitCount) &>> 3
    bitCount |= 56
  }

  @inline(__always)
  private func take(_ count: Int) -> Int {
    let value = Int(truncatingIfNeeded: bits & (1 &<< UInt64(truncatingIfNeeded: count) &- 1))
    bits &>>= UInt64(truncatingIfNeeded: count)
    bitCount &-= count
    return value
  }

  private func readStreamHeader(_ place: inout Place) {
    let (method, flags) = (place.input[0], place.input[1])
    // A preset dictionary is not for PNG; the check makes both a multiple of 31.
    guard method & 15 == 8, method >> 4 <= 7, flags & 0x20 == 0, (Int(method) << 8 | Int(flags)) % 31 == 0 else {
      state = .failed
      return
    }
    longestDistance = 1 << (Int(method >> 4) + 8)
    place.input += 2
    state = .blockHeader
  }

  private func readBlockHeader(_ place: inout Place) {
    guard !isLastBlock else {
      state = .ended
      return
    }
    blocks += 1
    guard blocks <= Inflater.mostIdleBlocks + bytesBefore / Inflater.bytesPerBlock else {
      state = .failed
      return
    }
    refill(&place)
    isLastBlock = take(1) == 1
    switch take(2) {
    case 0: beginStored(&place)
    case 1: beginFixed()
    case 2: state = readCodes(&place) ? .coded : .failed
    default: state = .failed
    }
  }

  private func beginStored(_ place: inout Place) {
    place.input -= bitCount >> 3
    (bits, bitCount) = (0, 0)
    let count = Int(place.input[0]) | Int(place.input[1]) << 8
    let check = Int(place.input[2]) | Int(place.input[3]) << 8
    place.input += 4
    storedCount = count
    state = count == check ^ 0xFFFF ? .stored : .failed
  }

  private func copyStored(
    _ place: inout Place, _ inputLimit: UnsafePointer<UInt8>, _ outputLimit: UnsafeMutablePointer<UInt8>
  ) {
    let count = min(storedCount, inputLimit - place.input, outputLimit - place.output)
    place.output.update(from: place.input, count: count)
    place.input += count
    place.output += count
    storedCount -= count
    if storedCount == 0 { state = .blockHeader }
  }

  private func beginFixed() {
    state = .coded
    guard !hasFixedCodes else { return }
    hasFixedCodes =
      fill(literals, DeflateCode.fixedLiterals, DeflateCode.literals)
      && fill(distances, DeflateCode.fixedDistances, DeflateCode.distances)
    literals.pairLiterals()
  }

  private func fill(_ table: borrowing InflateTable, _ lengths: [UInt8], _ meanings: [UInt32]) -> Bool {
    lengths.withUnsafeBufferPointer { fill(table, $0, meanings) }
  }

  private func fill(
    _ table: borrowing InflateTable, _ lengths: UnsafeBufferPointer<UInt8>, _ meanings: [UInt32],
    mayHaveOne: Bool = true
  ) -> Bool {
    meanings.withUnsafeBufferPointer { table.fill(lengths, $0, mayHaveOne: mayHaveOne) }
  }

  /// Reads the codes of a block (RFC 1951 section 3.2.7).
  private func readCodes(_ place: inout Place) -> Bool {
    hasFixedCodes = false
    let literalCount = take(5) + 257
    let distanceCount = take(5) + 1
    let orderCount = take(4) + 4
    guard literalCount <= 286, distanceCount <= 30 else { return false }
    for index in 0..<19 { lengths[index] = 0 }
    for index in 0..<orderCount {
      refill(&place)
      lengths[DeflateCode.order[index]] = UInt8(take(3))
    }
    let ofLengths = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(lengths)[..<19])
    guard fill(lengthCodes, ofLengths, DeflateCode.codeLengths, mayHaveOne: false),
      readLengths(&place, literalCount + distanceCount),
      // Without an end the block could not be left.
      lengths[256] != 0
    else { return false }
    let all = UnsafeBufferPointer(lengths)
    guard fill(literals, .init(rebasing: all[..<literalCount]), DeflateCode.literals),
      fill(
        distances, .init(rebasing: all[literalCount..<literalCount + distanceCount]), DeflateCode.distances)
    else { return false }
    literals.pairLiterals()
    return true
  }

  private func readLengths(_ place: inout Place, _ count: Int) -> Bool {
    var index = 0
    while index < count {
      refill(&place)
      let entry = lengthCodes.entries[Int(bits & 127)]
      guard entry & InflateTable.special == 0 else { return false }
      _ = take(Int(entry & 63))
      let symbol = Int(entry >> 16)
      var (value, repeats) = (UInt8(truncatingIfNeeded: symbol), 1)
      switch symbol {
      case 16:
        guard index > 0 else { return false }
        (value, repeats) = (lengths[index - 1], 3 + take(2))
      case 17: (value, repeats) = (0, 3 + take(3))
      case 18: (value, repeats) = (0, 11 + take(7))
      default: break
      }
      guard index + repeats <= count else { return false }
      for place in index..<index + repeats { lengths[place] = value }
      index += repeats
    }
    return true
  }

  /// Decodes symbols until a limit or the end of the block.
  private func decode(
    _ place: inout Place, until inputLimit: UnsafePointer<UInt8>, _ outputLimit: UnsafeMutablePointer<UInt8>,
    first: UnsafeMutablePointer<UInt8>
  ) {
    // In variables of their own all of it stays in registers.
    var (input, output) = (place.input, place.output)
    var bits = self.bits
    var bitCount = UInt64(truncatingIfNeeded: self.bitCount)
    let literals = UnsafePointer(self.literals.entries)
    let distances = UnsafePointer(self.distances.entries)
    let literalBits = UInt64(self.literals.bits)
    let literalMask: UInt64 = 1 << literalBits - 1
    let distanceBits = UInt64(self.distances.bits)
    let distanceMask: UInt64 = 1 << distanceBits - 1
    let longestDistance = self.longestDistance
    var state = State.coded

    @inline(__always) func refill() {
      bits |= Inflater.word(input) &<< bitCount
      input += Int(truncatingIfNeeded: (63 &- bitCount) &>> 3)
      bitCount |= 56
    }
    @inline(__always) func drop(_ entry: UInt32) {
      bits &>>= UInt64(entry & 63)
      bitCount &-= UInt64(entry & 63)
    }
    @inline(__always) func emit(_ entry: UInt32) {
      UnsafeMutableRawPointer(output).storeBytes(
        of: UInt16(truncatingIfNeeded: entry &>> 8).littleEndian, as: UInt16.self)
      output += Int(truncatingIfNeeded: entry &>> 24 & 3)
      drop(entry)
    }
    /// The base of a length or distance and the bits behind its code.
    @inline(__always) func value(_ entry: UInt32) -> Int {
      let extra = bits & (1 &<< UInt64(entry & 63) &- 1)
      return Int(truncatingIfNeeded: UInt64(entry &>> 16) &+ extra &>> UInt64(entry &>> 8 & 15))
    }

    while input < inputLimit, output < outputLimit {
      refill()
      // Four entries take at most 44 bits, three leave enough for a length with its bits.
      var entry = literals[Int(truncatingIfNeeded: bits & literalMask)]
      if entry & InflateTable.literal != 0 {
        emit(entry)
        entry = literals[Int(truncatingIfNeeded: bits & literalMask)]
        if entry & InflateTable.literal != 0 {
          emit(entry)
          entry = literals[Int(truncatingIfNeeded: bits & literalMask)]
          if entry & InflateTable.literal != 0 {
            emit(entry)
            entry = literals[Int(truncatingIfNeeded: bits & literalMask)]
            if entry & InflateTable.literal != 0 {
              emit(entry)
              continue
            }
          }
        }
      }
      if entry & InflateTable.special != 0 {
        if entry & InflateTable.second != 0 {
          let index = bits &>> literalBits & (1 &<< UInt64(entry &>> 8 & 15) &- 1)
          entry = literals[Int(entry &>> 16) &+ Int(truncatingIfNeeded: index)]
          if entry & InflateTable.literal != 0 {
            emit(entry)
            continue
          }
        }
        if entry & InflateTable.special != 0 {
          drop(entry)
          state = entry & InflateTable.blockEnd != 0 ? .blockHeader : .failed
          break
        }
      }
      let length = value(entry)
      drop(entry)
      refill()
      entry = distances[Int(truncatingIfNeeded: bits & distanceMask)]
      if entry & InflateTable.second != 0 {
        let index = bits &>> distanceBits & (1 &<< UInt64(entry &>> 8 & 15) &- 1)
        entry = distances[Int(entry &>> 16) &+ Int(truncatingIfNeeded: index)]
      }
      let distance = value(entry)
      drop(entry)
      guard entry & InflateTable.special == 0, distance <= output - first, distance <= longestDistance else {
        state = .failed
        break
      }
      Inflater.copy(length, from: distance, to: output)
      output += length
    }
    place = Place(input: input, output: output)
    self.bits = bits
    self.bitCount = Int(truncatingIfNeeded: bitCount)
    self.state = state
  }

  /// Repeats what stands `distance` bytes before, in whole words: up to 15 bytes behind the length are written too.
  @inline(__always)
  private static func copy(_ length: Int, from distance: Int, to output: UnsafeMutablePointer<UInt8>) {
    let end = output + length
    var to = UnsafeMutableRawPointer(output)
    var from = to - distance
    if distance >= 8 {
      repeat {
        to.storeBytes(of: from.loadUnaligned(as: UInt64.self), as: UInt64.self)
        (to + 8).storeBytes(of: (from + 8).loadUnaligned(as: UInt64.self), as: UInt64.self)
        from += 16
        to += 16
      } while to < UnsafeMutableRawPointer(end)
      return
    }
    // As many whole repeats as fit a word, then always a step by those.
    let width = UInt64(distance) * 8
    var pattern = UInt64(littleEndian: from.loadUnaligned(as: UInt64.self)) & (1 &<< width &- 1)
    var filled = width
    while filled < 64 {
      pattern |= pattern &<< filled
      filled &*= 2
    }
    let step = 8 / distance * distance
    repeat {
      to.storeBytes(of: pattern.littleEndian, as: UInt64.self)
      to += step
    } while to < UnsafeMutableRawPointer(end)
  }
}
