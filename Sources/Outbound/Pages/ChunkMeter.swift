/// Follows a body in chunks to its end without changing it (RFC 9112 section 7.1), strictly: every line ends with CRLF.
struct ChunkMeter {
  /// Of the line before a chunk, and of all trailer lines together.
  private static let longestLine = 4 << 10
  private static let mostDigits = 15

  private enum Place {
    case size(digits: Int)
    case afterSize
    case sizeFeed
    case data
    case dataReturn, dataFeed
    case trailerStart, trailer, trailerFeed
    case lastFeed
    case end
  }

  private var place = Place.size(digits: 0)
  /// Of the chunk.
  private var rest: Int64 = 0
  private var line = 0

  var isComplete: Bool { if case .end = place { true } else { false } }

  /// How many of the bytes are of the body; nil when they are malformed.
  mutating func take(_ bytes: UnsafeRawBufferPointer) -> Int? {
    var index = 0
    while index < bytes.count, !isComplete {
      if case .data = place {
        let count = Int(min(rest, Int64(bytes.count - index)))
        rest -= Int64(count)
        index += count
        if rest == 0 { place = .dataReturn }
        continue
      }
      guard let next = step(bytes[index]) else { return nil }
      place = next
      index += 1
    }
    return index
  }

  private mutating func step(_ byte: UInt8) -> Place? {
    line += 1
    guard line <= ChunkMeter.longestLine else { return nil }
    switch place {
    case .size(let digits): return size(byte, digits)
    case .afterSize:
      if byte == 0x0D { return .sizeFeed }
      return byte >= 0x20 && byte != 0x7F || byte == 0x09 ? .afterSize : nil
    case .sizeFeed:
      guard byte == 0x0A else { return nil }
      line = 0
      return rest == 0 ? .trailerStart : .data
    case .data, .end: return nil
    case .dataReturn: return byte == 0x0D ? .dataFeed : nil
    case .dataFeed:
      line = 0
      return byte == 0x0A ? .size(digits: 0) : nil
    case .trailerStart:
      if byte == 0x0D { return .lastFeed }
      return MessageFields.isToken(byte) ? .trailer : nil
    case .trailer:
      if byte == 0x0D { return .trailerFeed }
      return byte >= 0x20 && byte != 0x7F || byte == 0x09 ? .trailer : nil
    case .trailerFeed: return byte == 0x0A ? .trailerStart : nil
    case .lastFeed: return byte == 0x0A ? .end : nil
    }
  }

  private mutating func size(_ byte: UInt8, _ digits: Int) -> Place? {
    let digit: UInt8
    switch byte {
    case 0x30...0x39: digit = byte - 0x30
    case 0x41...0x46: digit = byte - 0x37
    case 0x61...0x66: digit = byte - 0x57
    case 0x0D where digits > 0: return .sizeFeed
    case 0x3B where digits > 0, 0x20 where digits > 0, 0x09 where digits > 0: return .afterSize
    default: return nil
    }
    guard digits < ChunkMeter.mostDigits else { return nil }
    rest = (digits == 0 ? 0 : rest) << 4 | Int64(digit)
    return .size(digits: digits + 1)
  }
}
