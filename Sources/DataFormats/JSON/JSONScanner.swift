/// Where a reader of JSON stands in its document, and what it needs of the bytes around.
///
/// Bytes are looked at where the feed holds them. A token that is cut off at the end of what has been fetched is read
/// again from its beginning when there is more; the feed doubles its room, so that stays linear.
struct JSONScanner {
  let feed: ByteFeed
  let limits: DataLimits
  /// One value a line, and no line's end inside one (jsonlines.org).
  let isLines: Bool
  /// Whether a line's end is between values, and not inside one.
  var isBetween = true
  private(set) var start: UnsafePointer<UInt8>
  var at: UnsafePointer<UInt8>
  private(set) var end: UnsafePointer<UInt8>
  /// The text of a string with escapes.
  let decoded = TextMemory()

  init?(_ feed: ByteFeed, isLines: Bool, limits: DataLimits) throws {
    self.feed = feed
    self.limits = limits
    self.isLines = isLines
    guard try feed.fetch(), let base = feed.unread.assumingMemoryBound(to: UInt8.self).baseAddress else { return nil }
    start = base
    at = base
    end = base + feed.unread.count
  }

  /// Fetches more behind what comes from `at` on, which moves; false at the end of the document.
  mutating func more() throws -> Bool {
    guard end - at <= limits.token else {
      throw try fault("a single text or number has more than \(limits.token >> 20) MB", .tooLarge)
    }
    feed.advance(at - start)
    let hasMore = try feed.fetch()
    let unread = feed.unread.assumingMemoryBound(to: UInt8.self)
    guard let base = unread.baseAddress else { return false }
    start = base
    at = base
    end = base + unread.count
    return hasMore
  }

  /// The next byte that is no blank, which stays; nil at the end of the document.
  @inline(__always)
  mutating func next() throws -> UInt8? {
    if at < end, at.pointee > 0x20 { return at.pointee }
    if end - at >= 2, at[0] == 0x20, at[1] > 0x20 {
      at += 1
      return at.pointee
    }
    return try nextAfterBlanks()
  }

  private mutating func nextAfterBlanks() throws -> UInt8? {
    repeat {
      while at < end {
        switch at.pointee {
        case 0x20:
          at += end - at >= 8 && ByteWord(at) == ByteWord.all(0x20) ? 8 : 1
        case 0x0A, 0x0D:
          if isLines && !isBetween { throw try fault("the line ends inside a value; each line must hold a whole one") }
          at += 1
        case 0x09: at += 1
        case let byte where byte < 0x20: throw try unexpected("a value or a mark")
        case let byte: return byte
        }
      }
    } while try more()
    return nil
  }

  /// The next byte that is no blank inside an array or object.
  @inline(__always)
  mutating func need(_ expected: StaticString) throws -> UInt8 {
    if let byte = try next() { return byte }
    throw try fault("the document ends too early: \(expected) was expected")
  }

  /// Takes the three bytes that may stand before the first one (RFC 8259 section 8.1), and refuses what is no UTF-8.
  mutating func skipMark() throws {
    while end - at < 4, try more() {}
    let first = UnsafeBufferPointer(start: at, count: min(4, end - at))
    if first.starts(with: [0xEF, 0xBB, 0xBF]) { at += 3 }
    let isWide = first.starts(with: [0xFE, 0xFF]) || first.starts(with: [0xFF, 0xFE]) || first.prefix(2).contains(0)
    if isWide { throw try fault("the text is in UTF-16 or UTF-32, and JSON must be UTF-8") }
  }

  /// A fault at the byte that comes next, or `ahead` bytes behind it.
  func fault(_ problem: String, _ kind: DataFault.Kind = .malformed, ahead: Int = 0) throws -> DataFault {
    try feed.fault(kind, problem, at: feed.position + (at - start) + ahead)
  }

  /// A fault for the byte that comes next.
  func unexpected(_ expected: String) throws -> DataFault {
    guard at < end else { return try fault("the document ends too early: \(expected) was expected") }
    return try fault("\(expected) was expected, but there is \(Self.shown(at, end))")
  }

  /// The character at `at` as a sentence can have it.
  private static func shown(_ at: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> String {
    let byte = at.pointee
    let count = byte < 0x80 ? 1 : UTF8Sequence.length(at, end)
    if byte <= 0x20 || byte == 0x7F || count == 0 {
      let digits = String(byte, radix: 16, uppercase: true)
      return "the byte 0x" + (byte < 0x10 ? "0" : "") + digits
    }
    return "‘" + String(decoding: UnsafeBufferPointer(start: at, count: count), as: UTF8.self) + "’"
  }
}
