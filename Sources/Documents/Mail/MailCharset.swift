import DataFormats

/// How the characters of a text in mail became bytes.
enum MailCharset {
  /// The text, or nil where this charset is not read here.
  ///
  /// What claims to be of ASCII or UTF-8 and is not is taken for Windows-1252, which most of it is then.
  static func text(_ bytes: [UInt8], named name: String?) -> String? {
    let name = (name ?? "us-ascii").lowercased()
    switch name {
    case "us-ascii", "ascii", "utf-8", "utf8", "unknown-8bit", "", "ansi_x3.4-1968":
      return String(validating: bytes, as: UTF8.self) ?? decoded(bytes, .windows1252)
    case "utf-16", "utf-16be":
      return decoded(bytes, bytes.starts(with: [0xFF, 0xFE]) ? .utf16LittleEndian : .utf16BigEndian)
    case "iso_8859-1", "iso8859-1", "latin-1", "windows-1252": return decoded(bytes, .windows1252)
    default: return TextEncoding(name: name).flatMap { decoded(bytes, $0) }
    }
  }

  private static func decoded(_ bytes: [UInt8], _ encoding: TextEncoding) -> String? {
    let text = try? ByteFeed(ByteFeed(bytes), decoding: encoding).rest(atMost: .max)
    return text.flatMap { $0 }.map { text in
      String(decoding: text.starts(with: [0xEF, 0xBB, 0xBF]) ? text.dropFirst(3) : text[...], as: UTF8.self)
    }
  }
}
