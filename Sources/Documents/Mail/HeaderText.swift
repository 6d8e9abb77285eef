/// The text of a header field with its encoded words (RFC 2047) undone.
enum HeaderText {
  /// Bytes of a field that are looked at.
  private static let most = 1 << 16

  /// A field's value on one line; what is no encoded word stays as it is.
  static func decode(_ value: ArraySlice<UInt8>) -> String {
    let line = unfolded(value.prefix(most))
    var text = ""
    // Bytes of words of one charset that stand side by side: a character may be cut in two between them.
    var pending: (charset: String, bytes: [UInt8], place: Range<Int>)?
    func flush() {
      if let words = pending {
        // RFC 2047 section 6.3: words of a charset that is not read are shown as they were written.
        text += MailCharset.text(words.bytes, named: words.charset) ?? plainText(line[words.place])
      }
      pending = nil
    }
    var plain = 0
    var place = 0
    while place + 1 < line.count {
      guard line[place] == 0x3D, line[place + 1] == 0x3F, let word = word(line, at: place) else {
        place += 1
        continue
      }
      let between = line[plain..<place]
      // Blanks between two words only keep them apart.
      if pending == nil || !between.allSatisfy(isBlank) {
        flush()
        text += plainText(between)
      }
      if let last = pending, last.charset != word.charset { flush() }
      let start = pending?.place.lowerBound ?? place
      pending = (word.charset, (pending?.bytes ?? []) + word.bytes, start..<word.end)
      place = word.end
      plain = place
    }
    flush()
    return text + plainText(line[plain...])
  }

  /// Line ends go, and the blanks behind them stay (RFC 5322 section 2.2.3); those around the whole go, too.
  static func unfolded(_ value: ArraySlice<UInt8>) -> [UInt8] {
    var line = value.filter { $0 != 0x0D && $0 != 0x0A }
    while let last = line.last, isBlank(last) { line.removeLast() }
    return Array(line.drop(while: isBlank))
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// Controls become blanks: a field is one line.
  private static func plainText(_ bytes: ArraySlice<UInt8>) -> String {
    let text = MailCharset.text(bytes.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, named: nil)
    return text ?? ""
  }

  /// "=?charset?B or Q?text?=", with a language behind the charset (RFC 2231 section 5); at most 1000 bytes, although the
  /// standard has 75, for programs write longer ones.
  private static func word(_ line: [UInt8], at start: Int) -> (charset: String, bytes: [UInt8], end: Int)? {
    let most = min(line.count, start + 1000)
    guard let first = line[(start + 2)..<most].firstIndex(of: 0x3F), most - first > 2, line[first + 2] == 0x3F else {
      return nil
    }
    var end = first + 3
    while end + 1 < most, line[end] != 0x3F || line[end + 1] != 0x3D { end += 1 }
    guard end + 1 < most else { return nil }
    let charset = String(decoding: line[(start + 2)..<first].prefix { $0 != 0x2A }, as: UTF8.self).lowercased()
    let body = line[(first + 3)..<end]
    switch line[first + 1] | 0x20 {
    case UInt8(ascii: "b"): return (charset, MailBase64.decode(body), end + 2)
    case UInt8(ascii: "q"): return (charset, quoted(body), end + 2)
    default: return nil
    }
  }

  /// Quoted-printable whose blanks are underlines (RFC 2047 section 4.2).
  private static func quoted(_ text: ArraySlice<UInt8>) -> [UInt8] {
    Escapes.decode(text.map { $0 == 0x5F ? 0x20 : $0 }, mark: 0x3D)
  }
}
