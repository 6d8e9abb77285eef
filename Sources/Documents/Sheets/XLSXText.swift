import Basics

/// Texts of a workbook.
enum XLSXText {
  /// Reads the text of a shared or inline string, without its reading aid (ISO/IEC 29500-1, 18.4.8).
  static func read(_ reader: PartReader) throws -> String { plain(try reader.text(except: ["rPh", "rPr"])) }

  /// Puts characters in the place of their codes as `_x000D_` (22.9.2.19).
  static func plain(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "_")), text.contains("_x") else { return text }
    let bytes = Array(text.utf8)
    var plain: [UInt8] = []
    var place = 0
    while place < bytes.count {
      if place + 6 < bytes.count, bytes[place] == UInt8(ascii: "_"), bytes[place + 1] == UInt8(ascii: "x"),
        bytes[place + 6] == UInt8(ascii: "_"),
        let code = UInt32(String(decoding: bytes[place + 2..<place + 6], as: UTF8.self), radix: 16),
        bytes[place + 2] != UInt8(ascii: "+"), bytes[place + 2] != UInt8(ascii: "-"),
        let scalar = Unicode.Scalar(code)
      {
        plain += String(scalar).utf8
        place += 7
      } else {
        plain.append(bytes[place])
        place += 1
      }
    }
    return String(decoding: plain, as: UTF8.self)
  }
}
