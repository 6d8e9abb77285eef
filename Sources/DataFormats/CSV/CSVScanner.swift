/// Reads a table row by row; a row is looked at where the feed holds it.
///
/// Rows end with LF, CR or both, as RFC 4180 has it and as old systems have it; a row without any character is none. A
/// quote counts at the beginning of a field alone, elsewhere it is a character like others.
struct CSVScanner {
  let feed: ByteFeed
  let dialect: CSVDialect
  let limits: DataLimits
  private(set) var fields: [CSVField] = []
  private var start: UnsafePointer<UInt8>
  private var at: UnsafePointer<UInt8>
  private var end: UnsafePointer<UInt8>
  private var isLast = false
  private var row: UnsafePointer<UInt8>
  private let text = TextMemory()

  /// The feed gives UTF-8 that has been checked; nil where there is nothing.
  init?(_ feed: ByteFeed, _ dialect: CSVDialect, limits: DataLimits) throws {
    self.feed = feed
    self.dialect = dialect
    self.limits = limits
    guard try feed.fetch(), let base = feed.unread.assumingMemoryBound(to: UInt8.self).baseAddress else { return nil }
    start = base
    at = base
    row = base
    end = base + feed.unread.count
    while end - at < 3, try more() {}
    if UnsafeBufferPointer(start: at, count: end - at).starts(with: [0xEF, 0xBB, 0xBF]) { at += 3 }
    row = at
  }

  /// Finds the fields of the next row; false where there is none.
  mutating func next() throws -> Bool {
    while true {
      while at < end, at.pointee == 0x0A || at.pointee == 0x0D { at += 1 }
      if at < end, let behind = try scanRow() {
        row = at
        at = behind
        return true
      }
      if isLast && at == end { return false }
      if isLast {
        throw try fault("the quoted field that begins here is never closed", at: at + (fields.last?.start ?? 0))
      }
      isLast = try !more()
    }
  }

  /// The text of a field of the row, true until the next call.
  @inline(__always)
  func text(of field: CSVField) -> UnsafeRawBufferPointer {
    let whole = UnsafeRawBufferPointer(start: row + field.start, count: field.count)
    return field.hasDoubledQuotes ? undoubled(whole) : whole
  }

  /// A fault in the row that was read last.
  func fault(_ kind: DataFault.Kind, _ problem: String) throws -> DataFault {
    let place = try feed.place(of: feed.position + (row - start))
    return DataFault(kind, problem, line: place.line)
  }

  private func undoubled(_ whole: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    text.removeAll()
    var rest = whole
    while let place = rest.firstIndex(where: { $0 == dialect.quote }) {
      text.append(UnsafeRawBufferPointer(rebasing: rest[...place]))
      rest = UnsafeRawBufferPointer(rebasing: rest[min(place + 2, rest.count)...])
    }
    text.append(rest)
    return text.bytes
  }

  private mutating func more() throws -> Bool {
    guard end - at <= limits.token else {
      throw try fault("a row has more than \(limits.token >> 20) MB", at: at, .tooLarge)
    }
    feed.advance(at - start)
    let hasMore = try feed.fetch()
    guard let base = feed.unread.assumingMemoryBound(to: UInt8.self).baseAddress else { return false }
    start = base
    at = base
    end = base + feed.unread.count
    return hasMore
  }

  private func fault(
    _ problem: String, at place: UnsafePointer<UInt8>, _ kind: DataFault.Kind = .malformed
  ) throws -> DataFault {
    try feed.fault(kind, problem, at: feed.position + (place - start))
  }
}

extension CSVScanner {
  /// Finds the fields of the row that begins at `at`, which has a character, and gives the place behind its end; nil
  /// where it is cut off.
  private mutating func scanRow() throws -> UnsafePointer<UInt8>? {
    fields.removeAll(keepingCapacity: true)
    var place = at
    while true {
      let first = place
      if place < end, place.pointee == dialect.quote {
        guard let behind = try scanQuoted(from: place) else { return nil }
        place = behind
      } else {
        place = try fieldEnd(from: place)
        fields.append(
          CSVField(start: first - at, count: place - first, isQuoted: false, hasDoubledQuotes: false))
      }
      guard place < end else { return isLast ? end : nil }
      if place.pointee == dialect.delimiter {
        place += 1
        if fields.count == limits.columns {
          throw try fault("a row has more than \(limits.columns) fields", at: at, .tooLarge)
        }
        continue
      }
      // What follows CR and belongs to it is passed as an empty row.
      return place + 1
    }
  }

  /// Where a field without quotes ends: at a delimiter, a line's end, or what has been fetched.
  @inline(__always)
  private func fieldEnd(from first: UnsafePointer<UInt8>) throws -> UnsafePointer<UInt8> {
    let delimiter = ByteWord.all(dialect.delimiter)
    var place = first
    while true {
      while end - place >= 8 {
        let count = ByteWord(place).ordinary(but: delimiter, delimiter)
        place += count
        if count < 8 { break }
      }
      guard place < end else { return place }
      let byte = place.pointee
      if byte == dialect.delimiter || byte == 0x0A || byte == 0x0D { return place }
      if byte == 0 { throw try fault("there is a zero byte; this is no text", at: place) }
      place += 1
    }
  }

  /// Adds the field whose opening quote is at `opening`, and gives the place behind its closing one; nil where it is cut
  /// off, with the field added up to there.
  private mutating func scanQuoted(from opening: UnsafePointer<UInt8>) throws -> UnsafePointer<UInt8>? {
    let quote = dialect.quote ?? 0
    let word = ByteWord.all(quote)
    var field = CSVField(start: opening - at, count: 0, isQuoted: true, hasDoubledQuotes: false)
    var place = opening + 1
    while place < end {
      if end - place >= 8, case let count = ByteWord(place).ordinary(but: word, word), count > 0 {
        place += count
        continue
      }
      let byte = place.pointee
      place += 1
      if byte == 0 { throw try fault("there is a zero byte; this is no text", at: place - 1) }
      guard byte == quote else { continue }
      if place < end, place.pointee == quote {
        field.hasDoubledQuotes = true
        place += 1
        continue
      }
      guard place < end || isLast else { break }
      field.start += 1
      field.count = place - 1 - opening - 1
      fields.append(field)
      guard place == end || isBoundary(place.pointee) else {
        throw try fault("a closing quote must be followed by the delimiter or the line's end", at: place)
      }
      return place
    }
    fields.append(field)
    return nil
  }

  private func isBoundary(_ byte: UInt8) -> Bool { byte == dialect.delimiter || byte == 0x0A || byte == 0x0D }
}
