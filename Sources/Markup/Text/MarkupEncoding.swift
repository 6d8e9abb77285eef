package import DataFormats

/// The encodings that a document with markup may be in.
package enum MarkupEncoding: Sendable {
  case utf8
  case utf16LittleEndian
  case utf16BigEndian
  /// What browsers also take for ISO 8859-1 and ASCII (WHATWG Encoding, section 4.2).
  case windows1252
  case table(CharacterTable)

  /// The encoding that the first bytes say, with the number of bytes they take, or nil.
  static func mark(_ bytes: [UInt8]) -> (encoding: MarkupEncoding, count: Int)? {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
    if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
    if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
    return nil
  }

  /// The document as UTF-8 with line feeds alone as line ends; what is not of the encoding becomes U+FFFD.
  func decode(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    switch self {
    case .utf8: Self.withLineFeeds(Array(String(decoding: bytes, as: UTF8.self).utf8))
    case .utf16LittleEndian: Self.withLineFeeds(Self.fromUTF16(bytes, high: 1))
    case .utf16BigEndian: Self.withLineFeeds(Self.fromUTF16(bytes, high: 0))
    case .windows1252: Self.withLineFeeds(Self.fromBytes(bytes, Self.highCharacters + Array(0xA0...0xFF)))
    case .table(let table): Self.withLineFeeds(Self.fromBytes(bytes, table.upper.map { UInt32($0) }))
    }
  }

  private static func fromUTF16(_ bytes: ArraySlice<UInt8>, high: Int) -> [UInt8] {
    let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).lazy.map {
      UInt16(bytes[$0 + high]) << 8 | UInt16(bytes[$0 + 1 - high])
    }
    return Array(String(decoding: Array(units), as: UTF16.self).utf8)
  }

  /// `upper` is what 0x80 to 0xFF stand for.
  private static func fromBytes(_ bytes: ArraySlice<UInt8>, _ upper: [UInt32]) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count + bytes.count / 8)
    for byte in bytes {
      if byte < 0x80 {
        decoded.append(byte)
      } else {
        decoded.append(scalar: upper[Int(byte) - 0x80])
      }
    }
    return decoded
  }

  /// What 0x80 to 0x9F stand for in windows-1252 (also HTML Standard, section 13.2.5.80, for numeric references).
  static let highCharacters: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D,
    0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,
    0x017E, 0x0178,
  ]

  private static func withLineFeeds(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(0x0D) else { return bytes }
    var normal: [UInt8] = []
    normal.reserveCapacity(bytes.count)
    var before: UInt8 = 0
    for byte in bytes {
      if byte == 0x0D {
        normal.append(0x0A)
      } else if byte != 0x0A || before != 0x0D {
        normal.append(byte)
      }
      before = byte
    }
    return normal
  }
}
