/// How characters are coded: by the names that clients know and those of LibreOffice's filters.
struct OfficeEncoding: Sendable {
  let name: String
  /// In the options of the filter for text.
  let word: String
  /// In the options of the filter for CSV (rtl_TextEncoding).
  let number: Int

  static let utf8 = OfficeEncoding(name: "utf-8", word: "UTF8", number: 76)
  static let utf16 = OfficeEncoding(name: "utf-16", word: "UNICODE", number: 65_535)
  static let windows1252 = OfficeEncoding(name: "windows-1252", word: "MS_1252", number: 1)

  static let all: [OfficeEncoding] = [
    utf8, utf16, windows1252, OfficeEncoding(name: "windows-1250", word: "MS_1250", number: 33),
    OfficeEncoding(name: "windows-1251", word: "MS_1251", number: 34),
    OfficeEncoding(name: "iso-8859-1", word: "ISO_8859_1", number: 12),
    OfficeEncoding(name: "iso-8859-2", word: "ISO_8859_2", number: 13),
    OfficeEncoding(name: "iso-8859-15", word: "ISO_8859_15", number: 22),
    OfficeEncoding(name: "koi8-r", word: "KOI8_R", number: 74),
    OfficeEncoding(name: "shift_jis", word: "SHIFT_JIS", number: 64),
    OfficeEncoding(name: "gb18030", word: "GB_18030", number: 85),
    OfficeEncoding(name: "big5", word: "BIG5", number: 68), OfficeEncoding(name: "euc-kr", word: "EUC_KR", number: 70),
  ]

  static func named(_ name: String) -> OfficeEncoding? { all.first { $0.name == name } }

  /// By the mark at the beginning; else UTF-8 where the bytes are that, and Windows-1252 where not.
  static func likeliest(in sample: [UInt8]) -> OfficeEncoding {
    if sample.starts(with: [0xFF, 0xFE]) || sample.starts(with: [0xFE, 0xFF]) { return utf16 }
    // The last character may be cut.
    let isWhole = (0...3).contains { String(validating: sample.dropLast($0), as: UTF8.self) != nil }
    return isWhole ? utf8 : windows1252
  }
}
