/// A stream of YAML as the parser takes it: UTF-8 with line feeds as its only breaks.
struct YAMLSource {
  let bytes: [UInt8]
  /// Whether there are characters that only quoted scalars may have (YAML 1.2.2 section 5.1, `nb-json` without `c-printable`).
  let hasUnprintable: Bool

  /// Decodes by the byte order mark (section 5.2) and joins CR LF and CR into LF (section 5.4).
  ///
  /// Throws `DataFault` where the text is not of its encoding or has control characters.
  init(_ raw: [UInt8]) throws(DataFault) {
    var text = try Self.decoded(raw)
    if text.contains(0x0D) { text = Self.withLineFeeds(text) }
    hasUnprintable = try Self.examined(text)
    bytes = text
  }

  private static func decoded(_ raw: [UInt8]) throws(DataFault) -> [UInt8] {
    let mark = (raw.count > 0 ? raw[0] : 0, raw.count > 1 ? raw[1] : 0)
    switch mark {
    case (0xFF, 0xFE) where raw.count > 3 && raw[2] == 0 && raw[3] == 0: return try decoded32(raw, high: 3)
    case (0, 0) where raw.count > 3 && raw[2] == 0xFE && raw[3] == 0xFF: return try decoded32(raw, high: 0)
    case (0xFF, 0xFE): return try decoded16(raw, high: 1)
    case (0xFE, 0xFF): return try decoded16(raw, high: 0)
    default: return raw
    }
  }

  private static func decoded16(_ raw: [UInt8], high: Int) throws(DataFault) -> [UInt8] {
    guard raw.count % 2 == 0 else { throw DataFault(.malformed, "the text in UTF-16 ends within a character") }
    let units = (1..<raw.count / 2).lazy.map { UInt16(raw[2 * $0 + high]) << 8 | UInt16(raw[2 * $0 + 1 - high]) }
    var text: [UInt8] = []
    text.reserveCapacity(raw.count)
    let isBroken = transcode(units.makeIterator(), from: UTF16.self, to: UTF8.self, stoppingOnError: true) {
      text.append($0)
    }
    guard !isBroken else { throw DataFault(.malformed, "the text in UTF-16 has half a surrogate pair") }
    return text
  }

  private static func decoded32(_ raw: [UInt8], high: Int) throws(DataFault) -> [UInt8] {
    guard raw.count % 4 == 0 else { throw DataFault(.malformed, "the text in UTF-32 ends within a character") }
    let order = high == 0 ? [0, 1, 2, 3] : [3, 2, 1, 0]
    var text: [UInt8] = []
    for start in stride(from: 4, to: raw.count, by: 4) {
      let value = order.reduce(UInt32(0)) { $0 << 8 | UInt32(raw[start + $1]) }
      guard let scalar = Unicode.Scalar(value) else {
        throw DataFault(.malformed, "the text in UTF-32 has a number that is no character")
      }
      text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
    return text
  }

  private static func withLineFeeds(_ text: [UInt8]) -> [UInt8] {
    var joined: [UInt8] = []
    joined.reserveCapacity(text.count)
    var wasReturn = false
    for byte in text {
      if byte == 0x0D {
        joined.append(0x0A)
      } else if byte != 0x0A || !wasReturn {
        joined.append(byte)
      }
      wasReturn = byte == 0x0D
    }
    return joined
  }

  /// Refuses what no YAML may have, and tells whether there is something that only quoted scalars may.
  private static func examined(_ text: [UInt8]) throws(DataFault) -> Bool {
    var hasUnprintable = false
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte < 0x80 {
        if byte < 0x20, byte != 0x09, byte != 0x0A {
          throw fault(in: text, at: index, "the control character \(YAMLParser.hexadecimal(byte)) is not allowed")
        }
        if byte == 0x7F { hasUnprintable = true }
        index += 1
        continue
      }
      guard let (scalar, width) = character(in: text, at: index) else {
        throw fault(in: text, at: index, "the text is not UTF-8")
      }
      hasUnprintable = hasUnprintable || !isPrintable(scalar)
      index += width
    }
    return hasUnprintable
  }

  /// The character beyond ASCII that begins at a place, with its bytes; nil where there is none (RFC 3629 section 4).
  private static func character(in text: [UInt8], at index: Int) -> (UInt32, Int)? {
    let first = text[index]
    let width = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first >= 0xC2, first <= 0xF4, index + width <= text.count else { return nil }
    var value = UInt32(first) & (0xFF >> UInt32(width + 1))
    for next in text[index + 1..<index + width] {
      guard next & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(next & 0x3F)
    }
    let least: UInt32 = width == 4 ? 0x10000 : width == 3 ? 0x800 : 0x80
    guard value >= least, Unicode.Scalar(value) != nil else { return nil }
    return (value, width)
  }

  /// Whether a character beyond ASCII is printable and no byte order mark (section 5.1, `c-printable`; 5.4, `nb-char`).
  static func isPrintable(_ scalar: UInt32) -> Bool {
    scalar >= 0xA0 && scalar != 0xFEFF && scalar != 0xFFFE && scalar != 0xFFFF || scalar == 0x85
  }

  /// A fault with the line and the column, in characters, of a place in the text.
  static func fault(
    _ kind: DataFault.Kind = .malformed, in text: [UInt8], at place: Int, _ problem: String
  ) -> DataFault {
    var line = 1
    var column = 1
    for byte in text.prefix(place) {
      if byte == 0x0A {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return DataFault(kind, problem, line: line, column: column)
  }
}
