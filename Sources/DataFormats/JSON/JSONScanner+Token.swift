import Glibc

extension JSONScanner {
  /// The spelling of the number that begins at the next byte (RFC 8259 section 6); true until more is read.
  mutating func number() throws -> UnsafeRawBufferPointer {
    while true {
      let first = at
      let last = try numberEnd()
      if last < end {
        at = last
        return UnsafeRawBufferPointer(start: first, count: last - first)
      }
      guard try more() else { break }
    }
    let first = at
    let last = try numberEnd()
    guard Self.isDigit((last - 1).pointee) else { throw try fault("the document ends inside a number") }
    at = last
    return UnsafeRawBufferPointer(start: first, count: last - first)
  }

  /// Where the number ends; `end` where it may go on behind what has been fetched.
  private func numberEnd() throws -> UnsafePointer<UInt8> {
    var place = at
    if place.pointee == UInt8(ascii: "-") { place += 1 }
    let whole = place
    try digits(&place)
    if place - whole > 1 && whole.pointee == UInt8(ascii: "0") {
      throw try fault("a number may not begin with 0 before another digit")
    }
    if place < end, place.pointee == UInt8(ascii: ".") {
      place += 1
      try digits(&place)
    }
    if place < end, place.pointee | 0x20 == UInt8(ascii: "e") {
      place += 1
      if place < end, place.pointee == UInt8(ascii: "+") || place.pointee == UInt8(ascii: "-") { place += 1 }
      try digits(&place)
    }
    return place
  }

  /// Passes at least one digit, unless there is nothing more.
  @inline(__always)
  private func digits(_ place: inout UnsafePointer<UInt8>) throws {
    let first = place
    while place < end, Self.isDigit(place.pointee) { place += 1 }
    if place == first && place < end { throw try fault("a digit is missing in this number", ahead: place - at) }
  }

  @inline(__always)
  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// Passes one of the three words of JSON, the first byte of which is next.
  mutating func literal() throws -> DataScalar {
    while end - at < 5, try more() {}
    for (word, value) in Self.words where end - at >= word.utf8CodeUnitCount {
      guard memcmp(at, word.utf8Start, word.utf8CodeUnitCount) == 0 else { continue }
      at += word.utf8CodeUnitCount
      return value
    }
    throw try fault("an unknown word; only true, false and null stand without quotes")
  }

  private static let words: [(StaticString, DataScalar)] = [
    ("true", .bool(true)), ("false", .bool(false)), ("null", .null),
  ]
}

extension JSONScanner {
  /// Passes what may stand behind the value of a line, and stops before the line's end.
  mutating func endLine() throws {
    repeat {
      while at < end {
        if at.pointee == 0x0A || at.pointee == 0x0D { return }
        guard at.pointee == 0x20 || at.pointee == 0x09 else {
          throw try unexpected("the end of the line after a value")
        }
        at += 1
      }
    } while try more()
  }
}
