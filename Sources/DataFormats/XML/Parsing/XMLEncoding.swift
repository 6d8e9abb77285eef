/// The encodings that a document may be in (XML 1.0, 4.3.3 and appendix F).
enum XMLEncoding: Equatable {
  case utf8
  case utf16(bigEndian: Bool)
  case ascii
  case latin1
  case windows1252

  /// The names by which a declaration may call them, in small letters.
  private static let names: [(String, XMLEncoding)] = [
    ("utf-8", .utf8), ("utf8", .utf8),
    ("us-ascii", .ascii), ("ascii", .ascii), ("iso646-us", .ascii), ("ansi_x3.4-1968", .ascii),
    ("iso-8859-1", .latin1), ("iso8859-1", .latin1), ("iso_8859-1", .latin1), ("latin1", .latin1), ("l1", .latin1),
    ("windows-1252", .windows1252), ("cp1252", .windows1252),
  ]

  private static let wideNames = ["utf-16", "utf-16le", "utf-16be", "iso-10646-ucs-2", "ucs-2"]

  /// The characters of Windows-1252 from 0x80 to 0x9F; 0 where it has none.
  static let windows: [UInt32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
    0x0178,
  ]

  /// An encoding of single bytes or UTF-8 by its declared name.
  static func narrow(named name: String) -> XMLEncoding? {
    let name = name.lowercased()
    return names.first { $0.0 == name }?.1
  }

  /// True where `name`, as declared, may be said of a document that is in this encoding.
  func isCalled(_ name: String) -> Bool {
    let name = name.lowercased()
    return switch self {
    case .utf16(let bigEndian): Self.wideNames.contains(name) && !name.hasSuffix(bigEndian ? "le" : "be")
    default: Self.narrow(named: name) == self
    }
  }

  var title: String {
    switch self {
    case .utf8: "UTF-8"
    case .utf16(let bigEndian): bigEndian ? "UTF-16 (big-endian)" : "UTF-16 (little-endian)"
    case .ascii: "US-ASCII"
    case .latin1: "ISO-8859-1"
    case .windows1252: "Windows-1252"
    }
  }
}
