import Basics

/// Decodes the chunked transfer coding piece by piece, with no leniency in sizes, extensions or line ends (RFC 9112
/// section 7.1).
struct ChunkedCoding {
  static let longestExtension = 1024
  /// All extensions of a message together: many tiny chunks must not carry more overhead than data for ever.
  static let longestExtensions = 16 * 1024
  static let longestTrailers = 8 * 1024

  enum Step: Equatable {
    /// Every byte given was used; the next ones are needed.
    case more
    /// A run of body bytes, as a range of the bytes given.
    case data(Range<Int>)
    /// The body is complete.
    case end
  }

  private enum State {
    case size(digits: Int)
    case extended(ChunkExtension)
    case sizeFeed
    case data
    case dataReturn
    case dataFeed
    case trailer
    case end
  }

  private var state = State.size(digits: 0)
  private var left: Int64 = 0
  private var extensionsOfChunk = 0
  private var extensions = 0
  private var trailers = 0
  private var line: [UInt8] = []

  /// Goes on from `offset`, which moves past what was used.
  mutating func next(_ bytes: UnsafeRawBufferPointer, from offset: inout Int) throws(HTTPFailure) -> Step {
    while true {
      if case .end = state { return .end }
      guard offset < bytes.count else { return .more }
      if case .data = state {
        let count = Int(min(left, Int64(bytes.count - offset)))
        defer { offset += count }
        left -= Int64(count)
        if left == 0 { state = .dataReturn }
        return .data(offset..<(offset + count))
      }
      try take(bytes[offset])
      offset += 1
    }
  }

  private mutating func take(_ byte: UInt8) throws(HTTPFailure) {
    switch state {
    case .size(let digits): try takeSize(byte, digits)
    case .extended(let place): try takeExtension(byte, place)
    case .sizeFeed:
      guard byte == .lineFeed else { throw .malformed("a chunk size does not end with CR LF") }
      state = left == 0 ? .trailer : .data
    case .dataReturn:
      guard byte == .carriageReturn else { throw .malformed("a chunk is longer than its size") }
      state = .dataFeed
    case .dataFeed:
      guard byte == .lineFeed else { throw .malformed("a chunk does not end with CR LF") }
      state = .size(digits: 0)
    case .trailer: try takeTrailer(byte)
    case .data, .end: break
    }
  }

  private mutating func takeSize(_ byte: UInt8, _ digits: Int) throws(HTTPFailure) {
    if let value = Hexadecimal.value(of: byte) {
      if digits == 0 { left = 0 }
      guard digits < 16, left <= KnownFields.largestLength >> 4 else { throw .malformed("a chunk size is too large") }
      left = left << 4 | Int64(value)
      state = .size(digits: digits + 1)
      return
    }
    guard digits > 0 else { throw .malformed("a chunk has no size") }
    switch byte {
    case .carriageReturn: state = .sizeFeed
    case .space, .tab, ChunkExtension.semicolon:
      extensionsOfChunk = 0
      try takeExtension(byte, .beforeSemicolon)
    default: throw .malformed("a chunk size is not hexadecimal")
    }
  }

  /// Extensions are checked and dropped.
  private mutating func takeExtension(_ byte: UInt8, _ place: ChunkExtension) throws(HTTPFailure) {
    if byte == .carriageReturn, place.mayEnd {
      state = .sizeFeed
      return
    }
    guard let next = place.after(byte) else {
      throw .malformed("a chunk extension is not a semicolon, a name and perhaps a value")
    }
    extensionsOfChunk += 1
    extensions += 1
    guard extensionsOfChunk <= ChunkedCoding.longestExtension, extensions <= ChunkedCoding.longestExtensions else {
      throw .malformed("the chunk extensions are too long")
    }
    state = .extended(next)
  }

  /// What says how a message is framed, sent on, allowed or read stands in its head only (RFC 9110 section 6.5.1).
  private static let neverTrailers: [StaticString] = [
    "authorization", "connection", "content-encoding", "content-length", "content-range", "content-type", "cookie",
    "expect", "forwarded", "host", "idempotency-key", "keep-alive", "origin", "proxy-authorization", "range", "te",
    "trailer", "transfer-encoding", "upgrade", "x-api-key", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
  ]

  /// Trailer fields are checked and dropped.
  private mutating func takeTrailer(_ byte: UInt8) throws(HTTPFailure) {
    trailers += 1
    guard trailers <= ChunkedCoding.longestTrailers else { throw .fieldsTooLarge }
    guard byte == .lineFeed else {
      line.append(byte)
      return
    }
    guard line.popLast() == .carriageReturn else { throw .malformed("a trailer line ends without CR LF") }
    if line.isEmpty {
      state = .end
      return
    }
    try line.withUnsafeBufferPointer { line throws(HTTPFailure) in
      let bytes = UnsafeRawBufferPointer(line)
      let field = try FieldLine(bytes, 0..<bytes.count)
      if ChunkedCoding.neverTrailers.contains(where: { bytes.equals($0, in: field.name) }) {
        throw .malformed("a trailer has a field that belongs in the head")
      }
    }
    line.removeAll(keepingCapacity: true)
  }
}
