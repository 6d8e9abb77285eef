extension JSONScanner {
  /// The text of a string whose opening quote has just been passed, in UTF-8; true until more is read.
  mutating func string() throws -> UnsafeRawBufferPointer {
    while true {
      let first = at
      let last = try plainEnd(of: first)
      if last < end, last.pointee == 0x22 {
        at = last + 1
        return UnsafeRawBufferPointer(start: first, count: last - first)
      }
      if last < end, last.pointee == 0x5C, try decode(from: last) { break }
      if try !more() { throw try fault("the string that begins here is never closed", ahead: -1) }
    }
    return decoded.bytes
  }

  /// Where the run of characters that stand for themselves ends: a quote, a backslash, or what has been fetched.
  private func plainEnd(of first: UnsafePointer<UInt8>) throws -> UnsafePointer<UInt8> {
    let quote = ByteWord.all(0x22)
    let backslash = ByteWord.all(0x5C)
    var place = first
    while true {
      while end - place >= 8 {
        let count = ByteWord(place).plain(but: quote, backslash)
        place += count
        if count < 8 { break }
      }
      guard place < end else { return place }
      let byte = place.pointee
      if byte == 0x22 || byte == 0x5C { return place }
      if byte < 0x20 {
        let digits = String(byte, radix: 16, uppercase: true)
        let code = "U+00" + (byte < 0x10 ? "0" : "") + digits
        throw try fault(
          "a string may not have the control character \(code) as it is, only as an escape", ahead: place - at)
      }
      if byte < 0x80 {
        place += 1
        continue
      }
      let count = UTF8Sequence.length(place, end)
      if count == 0 {
        // Cut off by the end of what is there, it may still become a character.
        let tail = UnsafeRawBufferPointer(start: place, count: min(4, end - place))
        if tail.count < 4 && UTF8Sequence.cutOff(tail) == tail.count { return end }
        throw try fault("the text is not UTF-8: a byte of this string belongs to no character", ahead: place - at)
      }
      place += count
    }
  }

  /// Fills `decoded` with the text from `at` on, whose first escape is at `escape`; false where the text is cut off.
  private mutating func decode(from escape: UnsafePointer<UInt8>) throws -> Bool {
    decoded.removeAll()
    var place = at
    var stop = escape
    while stop < end {
      decoded.append(UnsafeRawBufferPointer(start: place, count: stop - place))
      if stop.pointee == 0x22 {
        at = stop + 1
        return true
      }
      guard let behind = try decodeEscape(at: stop) else { return false }
      place = behind
      stop = try plainEnd(of: behind)
    }
    return false
  }

  /// Appends what the escape at `backslash` stands for and gives the place behind it; nil where it is cut off.
  private mutating func decodeEscape(at backslash: UnsafePointer<UInt8>) throws -> UnsafePointer<UInt8>? {
    guard end - backslash >= 2 else { return nil }
    let letter = backslash[1]
    if letter == UInt8(ascii: "u") { return try decodeUnicodeEscape(at: backslash) }
    guard let byte = Self.escapes.first(where: { $0.letter == letter })?.byte else {
      throw try fault(
        "an unknown escape; after a backslash comes one of \" \\ / b f n r t u", ahead: backslash - at)
    }
    decoded.append(byte)
    return backslash + 2
  }

  private mutating func decodeUnicodeEscape(at backslash: UnsafePointer<UInt8>) throws -> UnsafePointer<UInt8>? {
    guard end - backslash >= 6 else {
      _ = try hexadecimal(backslash + 2, end)
      return nil
    }
    let first = try hexadecimal(backslash + 2, backslash + 6)
    guard first & 0xF800 == 0xD800 else {
      decoded.append(Unicode.Scalar(first) ?? "\u{FFFD}")
      return backslash + 6
    }
    guard first < 0xDC00 else { throw try loneHalf(backslash) }
    // As far as the text has been fetched, a second escape must follow.
    if backslash + 6 < end, backslash[6] != 0x5C { throw try loneHalf(backslash) }
    if backslash + 7 < end, backslash[7] != 0x75 { throw try loneHalf(backslash) }
    guard end - backslash >= 12 else { return nil }
    let second = try hexadecimal(backslash + 8, backslash + 12)
    guard second & 0xFC00 == 0xDC00 else { throw try loneHalf(backslash) }
    let code = 0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF)
    decoded.append(Unicode.Scalar(code) ?? "\u{FFFD}")
    return backslash + 12
  }

  private func loneHalf(_ backslash: UnsafePointer<UInt8>) throws -> DataFault {
    try fault("half of a surrogate pair stands alone in this escape", ahead: backslash - at)
  }

  private func hexadecimal(_ first: UnsafePointer<UInt8>, _ last: UnsafePointer<UInt8>) throws -> UInt32 {
    var code: UInt32 = 0
    var place = first
    while place < last {
      let byte = place.pointee
      let digit = byte &- 0x30 < 10 ? byte &- 0x30 : (byte | 0x20) &- 0x61 < 6 ? (byte | 0x20) &- 0x57 : 16
      if digit == 16 { throw try fault("four hexadecimal digits were expected after \\u", ahead: place - at) }
      code = code << 4 | UInt32(digit)
      place += 1
    }
    return code
  }

  /// RFC 8259 section 7.
  private static let escapes: [(letter: UInt8, byte: UInt8)] = [
    (0x6E, 0x0A), (0x22, 0x22), (0x5C, 0x5C), (0x2F, 0x2F), (0x74, 0x09), (0x72, 0x0D), (0x62, 0x08), (0x66, 0x0C),
  ]
}
