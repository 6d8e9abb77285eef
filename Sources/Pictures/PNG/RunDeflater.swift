import CImage
import Formats

/// Compresses filtered photographs into a zlib stream: runs of one byte and Huffman codes, with no search for repeats,
/// which noise does not have.
final class RunDeflater {
  /// Large enough that the description of the codes weighs nothing, small enough for the processor's second cache.
  static let blockBytes = 1 << 18
  /// The most that a block's head and the stream's own bytes take.
  private static let headBytes = 1024

  private let result: PixelRows
  private var used = 0
  private var bits: UInt64 = 0
  private var bitCount: UInt32 = 0
  private var sum: UInt32 = 1
  private var isBegun = false

  /// `capacity` is the most that a block may hold.
  init(capacity: Int) throws(ConversionFailure) {
    result = try PixelRows(rows: 1, bytesPerRow: 2 * capacity + RunDeflater.headBytes)
  }

  /// Compresses one block with the runs that were found in it; what comes back is valid until the next one.
  func add(
    _ block: UnsafeRawBufferPointer, _ runs: UnsafeBufferPointer<cimage_run>, isLast: Bool
  ) throws(ConversionFailure) -> UnsafeBufferPointer<UInt8> {
    guard let bytes = block.assumingMemoryBound(to: UInt8.self).baseAddress, let start = result.start,
      let found = runs.baseAddress
    else { throw ConversionFailure(.internalError, "an empty block") }
    used = 0
    if !isBegun {
      // A window of 32 KiB, and the quickest of the four levels (RFC 1950 section 2.2).
      put(0x78, 8)
      put(0x01, 8)
      isBegun = true
    }
    sum = cimage_adler(sum, bytes, block.count)
    var counts = [UInt32](repeating: 0, count: Int(CIMAGE_SYMBOLS))
    guard cimage_runs_count(bytes, block.count, found, runs.count, &counts) else { throw RunDeflater.misuse }
    let code = HuffmanCode(counts: counts, longest: Int(CIMAGE_LONGEST_CODE))
    put(isLast ? 1 : 0, 1)
    put(2, 2)
    writeLengths(code)
    var produced = 0
    guard
      cimage_runs_write(
        bytes, block.count, found, runs.count, code.codes, start + used, result.bytesPerRow - used, &bits, &bitCount,
        &produced)
    else { throw RunDeflater.misuse }
    used += produced
    if isLast { end() }
    return UnsafeBufferPointer(start: start, count: used)
  }

  private static let misuse = ConversionFailure(.internalError, "the PNG codec was misused")

  private func end() {
    if bitCount > 0 { put(0, 8 - bitCount) }
    for byte in 0..<4 { put(sum >> (24 - 8 * UInt32(byte)) & 255, 8) }
  }

  /// At most 16 bits at once, the first one lowest.
  private func put(_ value: UInt32, _ count: UInt32) {
    bits |= UInt64(value) << UInt64(bitCount)
    bitCount += count
    while bitCount >= 8 {
      result.bytes(1)[used] = UInt8(truncatingIfNeeded: bits)
      used += 1
      bits >>= 8
      bitCount -= 8
    }
  }

  /// The lengths of the codes (RFC 1951 section 3.2.7); of distances there is one, of a single bit.
  private func writeLengths(_ code: HuffmanCode) {
    let lengths = code.lengths
    let last = lengths.lastIndex { $0 > 0 } ?? 256
    let items = RunDeflater.items(lengths[...max(last, 256)] + [1])
    var counts = [UInt32](repeating: 0, count: 19)
    for item in items { counts[item.symbol] += 1 }
    let lengthCode = HuffmanCode(counts: counts, longest: 7)
    let codes = lengthCode.codes
    let shown = DeflateCode.order.lastIndex { lengthCode.lengths[$0] > 0 } ?? 3
    put(UInt32(max(last, 256) - 256), 5)
    put(0, 5)
    put(UInt32(max(shown, 3) - 3), 4)
    for place in 0...max(shown, 3) { put(UInt32(lengthCode.lengths[DeflateCode.order[place]]), 3) }
    for item in items {
      put(codes[item.symbol] & 0xFFFF, codes[item.symbol] >> 16)
      put(item.extra, item.bits)
    }
  }

  private struct Item {
    let symbol: Int
    var extra: UInt32 = 0
    var bits: UInt32 = 0
  }

  /// Lengths with repeats of them and of zeros told by number.
  private static func items(_ lengths: some Collection<UInt8>) -> [Item] {
    var items: [Item] = []
    var rest = lengths[...]
    var previous: UInt8?
    while let length = rest.first {
      let run = min(rest.prefix { $0 == length }.count, length == 0 ? 138 : 6)
      if length == 0, run >= 3 {
        items.append(
          run <= 10
            ? Item(symbol: 17, extra: UInt32(run - 3), bits: 3) : Item(symbol: 18, extra: UInt32(run - 11), bits: 7))
        rest = rest.dropFirst(run)
      } else if length == previous, run >= 3 {
        items.append(Item(symbol: 16, extra: UInt32(run - 3), bits: 2))
        rest = rest.dropFirst(run)
      } else {
        items.append(Item(symbol: Int(length)))
        rest = rest.dropFirst()
      }
      previous = length
    }
    return items
  }
}
