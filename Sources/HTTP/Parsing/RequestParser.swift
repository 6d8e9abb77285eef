import CSystem

/// Reads the head of a request line by line and refuses what is ambiguous instead of repairing it (RFC 9112).
///
/// The bytes of one message stay at the same offsets while more arrive; the outcome is the same at every split point.
struct RequestParser {
  private let longestLine: Int
  private let longestFields: Int
  private let mostFields: Int
  private var scanned = 0
  private var lineStart = 0
  private var hasSkippedLine = false
  private var line: RequestLine?
  private var fieldsStart = 0
  private var fields: [Headers.Field] = []
  private var known = KnownFields()

  init(limits: ServerLimits = ServerLimits()) {
    longestLine = limits.requestLine
    longestFields = limits.fieldBytes
    mostFields = limits.fields
  }

  /// The head and the bytes it took, or nil while more bytes are needed; `bytes` begins with the message.
  mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(HTTPFailure) -> (head: RequestHead, count: Int)? {
    while scanned < bytes.count, let feed = RequestParser.lineFeed(in: bytes, from: scanned) {
      guard feed > lineStart, bytes[feed - 1] == .carriageReturn else {
        try checkLimits(feed + 1)
        throw .malformed("a line ends without CR LF")
      }
      let range = lineStart..<(feed - 1)
      try checkLimits(feed + 1)
      lineStart = feed + 1
      scanned = lineStart
      if line == nil {
        if range.isEmpty, !hasSkippedLine {
          // One empty line before the request line is left over from old clients (RFC 9112 section 2.2).
          hasSkippedLine = true
          continue
        }
        line = try RequestLine(bytes, range)
        fieldsStart = lineStart
      } else if range.isEmpty {
        return (try head(bytes), lineStart)
      } else {
        try readField(bytes, range)
      }
    }
    scanned = bytes.count
    try checkLimits(bytes.count)
    return nil
  }

  /// Refuses a head that is too long when its bytes up to `end` are counted, CR LF included.
  private func checkLimits(_ end: Int) throws(HTTPFailure) {
    if line == nil {
      if end - lineStart > longestLine + 2 { throw .lineTooLong(limit: longestLine) }
    } else if end - fieldsStart > longestFields {
      throw .fieldsTooLarge
    }
  }

  private mutating func readField(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) throws(HTTPFailure) {
    guard fields.count < mostFields else { throw .fieldsTooLarge }
    let field = try FieldLine(bytes, range)
    if fields.isEmpty { fields.reserveCapacity(12) }
    let start = fieldsStart
    fields.append(
      Headers.Field(
        name: Int32(field.name.lowerBound - start)..<Int32(field.name.upperBound - start),
        value: Int32(field.value.lowerBound - start)..<Int32(field.value.upperBound - start)))
    try known.note(bytes, field)
  }

  private func head(_ bytes: UnsafeRawBufferPointer) throws(HTTPFailure) -> RequestHead {
    guard let line else { throw .malformed("there is no request line") }
    let framing = try known.framing(isVersion11: line.isVersion11)
    if line.isVersion11 && known.host == nil { throw .malformed("the Host field is missing") }
    // The target wins over a Host field that differs (RFC 9112 section 3.2.2), but a client that is unsure where it
    // wants to go gets one answer only.
    let isUnsure = line.target.authority.map { $0.lowercased() != known.host?.lowercased() } ?? false
    let end = lineStart - 2
    return RequestHead(
      method: line.method, target: line.text, path: line.target.path, query: line.target.query,
      isVersion11: line.isVersion11, headers: Headers(bytes: Array(bytes[fieldsStart..<end]), fields: fields),
      host: line.target.authority ?? known.host ?? "", framing: framing,
      expectsContinue: known.expectsContinue && line.isVersion11,
      wantsClose: known.wantsClose || !line.isVersion11 || isUnsure)
  }

  private static func lineFeed(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    var needle = UInt8.lineFeed
    let found = csystem_find(base + start, bytes.count - start, &needle, 1)
    return found >= 0 && found < bytes.count ? start + found : nil
  }
}
