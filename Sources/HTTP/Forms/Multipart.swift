import CSystem

/// Takes a multipart body apart while it arrives, with bounded memory and in one pass (RFC 2046, RFC 7578).
package struct Multipart: ~Copyable {
  package enum Event {
    case part(MultipartPart)
    /// Content of the current part; valid during the call only.
    case data(UnsafeRawBufferPointer)
    case endOfPart
  }

  private enum State {
    case preamble, headers, data, epilogue
  }

  /// What follows the text of a delimiter.
  private enum Tail {
    case part(count: Int)
    case end
    case content
    case unknown
  }

  private static let longestPadding = 64
  private static let carryStep = 1024

  private let delimiter: [UInt8]
  private let limits: MultipartLimits
  private var state = State.preamble
  /// Bytes that cannot be judged before more come; the CR LF lets a delimiter stand at the very start.
  private var carry: [UInt8] = [.carriageReturn, .lineFeed]
  /// Bytes at the start of an unfinished header line that have no line feed.
  private var searched = 0
  private var parts = 0
  private var surroundings = 0
  private var hasPreambleText = false
  private var headers = PartHeaders()
  private var decoder: TransferDecoder?
  /// True until the CR LF of the empty line after the headers is known to be no delimiter's.
  private var beginsWithLineEnd = false

  package init(_ boundary: MultipartBoundary, limits: MultipartLimits = MultipartLimits()) {
    delimiter = boundary.delimiter
    self.limits = limits
  }

  /// Takes the next bytes of the body; throws `HTTPFailure` 400 or 413 and what `handle` throws.
  package mutating func feed(_ bytes: UnsafeRawBufferPointer, _ handle: (Event) throws -> Void) throws {
    var offset = 0
    while !carry.isEmpty && offset < bytes.count {
      let kept = carry.count
      let added = min(Multipart.carryStep, bytes.count - offset)
      // Taken out and put back, so that a long line that comes byte by byte is not copied for each.
      var joined: [UInt8] = []
      swap(&joined, &carry)
      joined.append(contentsOf: bytes[offset..<(offset + added)])
      let used = try joined.withUnsafeBytes { try advance($0, handle) }
      if used >= kept {
        // What was kept is judged: the rest is read in place.
        offset += used - kept
      } else {
        if used > 0 { joined.removeFirst(used) }
        swap(&joined, &carry)
        offset += added
      }
    }
    guard offset < bytes.count else { return }
    let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
    let used = try advance(rest, handle)
    carry = Array(rest[used...])
  }

  /// The body is over: throws when its last boundary has not come.
  package func finish() throws(HTTPFailure) {
    guard state == .epilogue else { throw .badForm("the last boundary is missing") }
  }

  /// Handles what can be judged and returns how many bytes that were.
  private mutating func advance(_ bytes: UnsafeRawBufferPointer, _ handle: (Event) throws -> Void) throws -> Int {
    var offset = 0
    while offset < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
      let before = state
      let used =
        switch state {
        case .preamble, .data: try readContent(rest, handle)
        case .headers: try readHeaderLine(rest, handle)
        case .epilogue: try skip(rest)
        }
      // The headers end without a byte of their own.
      if used == 0 && state == before { break }
      offset += used
    }
    return offset
  }

  /// Reads up to the next delimiter; near the end of the bytes it stops before what may be the start of one.
  private mutating func readContent(_ bytes: UnsafeRawBufferPointer, _ handle: (Event) throws -> Void) throws -> Int {
    var start = 0
    while true {
      let found = csystem_find(bytes.baseAddress.map { $0 + start }, bytes.count - start, delimiter, delimiter.count)
      guard found >= 0, found < bytes.count else {
        return try emit(bytes, bytes.count - partialDelimiter(bytes), handle)
      }
      let end = start + found + delimiter.count
      switch tail(bytes, from: end) {
      case .content: start = end
      case .unknown: return try emit(bytes, start + found, handle)
      case .part(let count):
        _ = try emit(bytes, start + found, handle)
        try beginPart(handle)
        return end + count
      case .end:
        _ = try emit(bytes, start + found, handle)
        try endForm(handle)
        return end + 2
      }
    }
  }

  private mutating func beginPart(_ handle: (Event) throws -> Void) throws {
    try endPart(handle)
    parts += 1
    guard parts <= limits.parts else { throw HTTPFailure.badForm("the form has more than \(limits.parts) parts") }
    headers = PartHeaders()
    state = .headers
  }

  private mutating func endForm(_ handle: (Event) throws -> Void) throws {
    try endPart(handle)
    if parts == 0 && hasPreambleText { throw HTTPFailure.badForm("the first boundary is not that of the form") }
    state = .epilogue
    surroundings = 0
  }

  /// How many bytes at the end may begin a delimiter: only its first byte is a CR, so the last CR decides.
  private func partialDelimiter(_ bytes: UnsafeRawBufferPointer) -> Int {
    let window = bytes[max(0, bytes.count - delimiter.count + 1)...]
    guard let start = window.lastIndex(of: .carriageReturn), delimiter.starts(with: bytes[start...]) else { return 0 }
    return bytes.count - start
  }

  private func tail(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Tail {
    var index = start
    while index < bytes.count, bytes[index] == .space || bytes[index] == .tab {
      index += 1
      if index - start > Multipart.longestPadding { return .content }
    }
    guard index < bytes.count else { return .unknown }
    let isHyphen = bytes[index] == 0x2D && index == start
    guard isHyphen || bytes[index] == .carriageReturn else { return .content }
    guard index + 1 < bytes.count else { return .unknown }
    if isHyphen { return bytes[index + 1] == 0x2D ? .end : .content }
    return bytes[index + 1] == .lineFeed ? .part(count: index + 2 - start) : .content
  }

  private mutating func emit(
    _ bytes: UnsafeRawBufferPointer, _ count: Int, _ handle: (Event) throws -> Void
  ) throws -> Int {
    guard count > 0 else { return 0 }
    var piece = UnsafeRawBufferPointer(rebasing: bytes[..<count])
    if state == .preamble {
      hasPreambleText = hasPreambleText || piece.contains { $0 != .carriageReturn && $0 != .lineFeed }
      return try skip(piece)
    }
    if beginsWithLineEnd {
      beginsWithLineEnd = false
      piece = UnsafeRawBufferPointer(rebasing: piece.dropFirst(2))
      if piece.isEmpty { return count }
    }
    if decoder == nil {
      try handle(.data(piece))
    } else if let decoded = try decoder?.decode(piece), !decoded.isEmpty {
      try decoded.withUnsafeBytes { try handle(.data($0)) }
    }
    return count
  }

  private mutating func skip(_ bytes: UnsafeRawBufferPointer) throws -> Int {
    surroundings += bytes.count
    guard surroundings <= limits.surroundings else {
      throw HTTPFailure.badForm("there is too much text around the parts")
    }
    return bytes.count
  }

  private mutating func endPart(_ handle: (Event) throws -> Void) throws {
    guard state == .data else { return }
    try decoder?.finish()
    decoder = nil
    try handle(.endOfPart)
  }

  private mutating func readHeaderLine(_ bytes: UnsafeRawBufferPointer, _ handle: (Event) throws -> Void) throws -> Int
  {
    var needle = UInt8.lineFeed
    let rest = bytes.count - searched
    let found = csystem_find(bytes.baseAddress.map { $0 + searched }, rest, &needle, 1)
    let isWhole = found >= 0 && found < rest
    let feed = searched + found
    searched = isWhole ? 0 : bytes.count
    guard (isWhole ? feed - 1 : bytes.count - 1) <= limits.headerLine else {
      throw HTTPFailure.badForm("a header line of a part is too long")
    }
    guard isWhole else { return 0 }
    guard feed > 0, bytes[feed - 1] == .carriageReturn else {
      throw HTTPFailure.badForm("a header line of a part ends without CR LF")
    }
    if feed > 1 {
      try headers.read(UnsafeRawBufferPointer(rebasing: bytes[..<(feed - 1)]), most: limits.headersPerPart)
    } else {
      let part = try headers.part()
      decoder = headers.decoder
      state = .data
      try handle(.part(part))
      // The empty line's CR LF stays, for it may be the next delimiter's: a part may have no body (RFC 2046 5.1.1).
      beginsWithLineEnd = true
      return 0
    }
    return feed + 1
  }
}
