extension TOMLParser {
  /// Reads a text of any of the four kinds.
  mutating func scanText() throws -> [UInt8] {
    let quote = bytes[at]
    guard bytes[at + 1] == quote, bytes[at + 2] == quote else { return try scanLineText() }
    at += 3
    _ = try skipLineEnd()
    return try scanLongText(quote)
  }

  /// Reads a text on one line, basic in `"` or literal in `'`.
  mutating func scanLineText() throws -> [UInt8] {
    let quote = bytes[at]
    let opening = at
    at += 1
    var text: [UInt8] = []
    var start = at
    while bytes[at] != quote {
      guard at < end, bytes[at] != 0x0A, bytes[at] != 0x0D else {
        throw fault("the text that begins in column \(fault("", at: opening).column ?? 1) has no end on its line")
      }
      try refuseControl(in: "a text")
      if bytes[at] == 0x5C, quote == 0x22 {
        text += bytes[start..<at]
        try scanEscape(into: &text)
        start = at
      } else {
        at += 1
      }
    }
    text += bytes[start..<at]
    at += 1
    return text
  }

  /// Reads a text of several lines behind its first three quotes and the line end that may follow.
  private mutating func scanLongText(_ quote: UInt8) throws -> [UInt8] {
    var text: [UInt8] = []
    let opening = at
    while true {
      let start = at
      while at < end, bytes[at] >= 0x20 || bytes[at] == 0x0A || bytes[at] == 0x09, bytes[at] != 0x7F,
        bytes[at] != quote,
        bytes[at] != 0x5C
      { at += 1 }
      text += bytes[start..<at]
      switch bytes[at] {
      case quote:
        var count = 0
        while bytes[at] == quote, count < 5 {
          at += 1
          count += 1
        }
        for _ in 0..<(count < 3 ? count : count - 3) { text.append(quote) }
        if count >= 3 { return text }
      case 0x5C:
        if quote == 0x27 {
          text.append(0x5C)
          at += 1
        } else if try !skipFoldedLineEnd() {
          try scanEscape(into: &text)
        }
      case 0x0D:
        guard try skipLineEnd() else { throw fault("a carriage return without a line feed may not stand in a text") }
        text.append(0x0A)
      default:
        if at >= end { throw fault("the text of several lines has no end", at: opening) }
        try refuseControl(in: "a text")
      }
    }
  }

  /// Passes a backslash at the end of a line with all white space behind it, if there is one.
  private mutating func skipFoldedLineEnd() throws -> Bool {
    let start = at
    at += 1
    skipBlanks()
    guard try skipLineEnd() else {
      at = start
      return false
    }
    repeat { skipBlanks() } while try skipLineEnd()
    return true
  }

  private mutating func scanEscape(into text: inout [UInt8]) throws {
    let escape = bytes[at + 1]
    switch escape {
    case 0x62: text.append(0x08)
    case 0x74: text.append(0x09)
    case 0x6E: text.append(0x0A)
    case 0x66: text.append(0x0C)
    case 0x72: text.append(0x0D)
    case 0x22, 0x5C: text.append(escape)
    case 0x75: return try scanCodePoint(4, into: &text)
    case 0x55: return try scanCodePoint(8, into: &text)
    default:
      at += 1
      throw fault("\(shownNext) may not follow a backslash; b, t, n, f, r, \\, \", uXXXX and UXXXXXXXX may")
    }
    at += 2
  }

  private mutating func scanCodePoint(_ digits: Int, into text: inout [UInt8]) throws {
    let start = at
    at += 2
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = TOMLNumber.digit(bytes[at]), digit < 16 else {
        throw fault("\(digits) hexadecimal digits are expected, not \(shownNext)")
      }
      value = value << 4 | UInt32(digit)
      at += 1
    }
    guard let scalar = Unicode.Scalar(value) else {
      throw fault("there is no character of the number that is written here", at: start)
    }
    text.append(contentsOf: scalar.utf8)
  }
}
