import Formats

/// A line of text that the standard fonts of PDF have, in WinAnsiEncoding (PDF 32000-1 annex D.2).
struct StampText {
  static let valid = "1 to \(longest) characters of Western languages, as the standard fonts of PDF have them"
  static let longest = 200

  /// What stands at 0x80 to 0x9F; 0 where there is nothing.
  private static let special: [UInt32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
    0x0178,
  ]

  /// Widths of Helvetica from the space on, in thousandths of its size (its font metrics); a bullet's where there is nothing.
  private static let widths: [Int] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584, 350, 556, 350, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 350, 611, 350, 350, 222,
    222, 333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944, 350, 500, 667, 278, 333, 556, 556, 556, 556, 260, 556, 333,
    737, 370, 556, 584, 333, 737, 333, 400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611,
    667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778,
    584, 778, 722, 722, 722, 722, 667, 667, 611, 556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278,
    278, 278, 556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
  ]

  /// The codes of the characters.
  let bytes: [UInt8]

  /// Nil when a character is not in the font.
  init?(_ text: String) {
    guard text.utf8.count <= 4 * StampText.longest else { return nil }
    let bytes = text.unicodeScalars.map(StampText.code)
    guard !bytes.isEmpty, bytes.count <= StampText.longest, !bytes.contains(nil),
      !text.allSatisfy({ $0 == " " || $0 == "\u{A0}" })
    else { return nil }
    self.bytes = bytes.compactMap { $0 }
  }

  /// For a text of digits and Latin letters, of which anything else is left out.
  init(plain text: String) { bytes = text.unicodeScalars.compactMap(StampText.code) }

  /// Of a line as high as its size.
  var width: Double { Double(bytes.reduce(0) { $0 + StampText.widths[Int($1) - 0x20] }) / 1000 }

  private static func code(_ scalar: Unicode.Scalar) -> UInt8? {
    switch scalar.value {
    case 0x20..<0x7F, 0xA0...0xFF: UInt8(scalar.value)
    default: special.firstIndex { $0 == scalar.value && $0 != 0 }.map { UInt8(0x80 + $0) }
    }
  }
}
