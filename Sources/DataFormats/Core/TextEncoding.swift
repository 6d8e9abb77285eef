/// How the characters of a text became bytes.
package enum TextEncoding: Sendable, Equatable {
  case utf8
  /// With a byte order mark, as spreadsheets like it.
  case utf8WithMark
  case utf16LittleEndian
  case utf16BigEndian
  case windows1252
  case table(CharacterTable)

  /// The names under which each is asked for; the first is its own.
  package static let names: [(encoding: TextEncoding, names: [String])] =
    general + CharacterTable.allCases.map { (encoding: TextEncoding.table($0), names: $0.names) }

  private static let general: [(encoding: TextEncoding, names: [String])] = [
    (.utf8, ["utf-8", "utf8"]),
    (.utf8WithMark, ["utf-8-bom", "utf-8-sig", "utf8bom"]),
    (.utf16LittleEndian, ["utf-16le", "utf-16", "utf16"]),
    (.utf16BigEndian, ["utf-16be"]),
    (.windows1252, ["windows-1252", "cp1252", "latin1", "iso-8859-1"]),
  ]

  package init?(name: String) {
    let name = name.lowercased()
    guard let row = Self.names.first(where: { $0.names.contains(name) }) else { return nil }
    self = row.encoding
  }

  package var name: String { Self.names.first { $0.encoding == self }?.names.first ?? "" }

  /// What 0x80 to 0xFF stand for where each byte is a character; nothing for the others.
  var upper: [UInt16] {
    switch self {
    case .utf8, .utf8WithMark, .utf16LittleEndian, .utf16BigEndian: []
    case .windows1252: Self.windows1252Upper + Array(0xA0...0xFF)
    case .table(let table): table.upper
    }
  }

  /// What 80 to 9F stand for in Windows-1252; the five that it leaves open are controls, as browsers have them
  /// (encoding.spec.whatwg.org, index-windows-1252).
  private static let windows1252Upper: [UInt16] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D,
    0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,
    0x017E, 0x0178,
  ]
}
