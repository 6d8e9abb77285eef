/// Text as a header field of mail may hold it: ASCII as it is, all else as encoded words (RFC 2047).
package enum EncodedWord {
  /// Bytes of one word, so that it stays within the 75 characters of section 2.
  private static let longest = 45

  /// A field of free text, such as a subject; control characters become spaces.
  package static func text(_ text: String) -> String {
    let line = oneLine(text)
    let isPlain = line.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !line.contains("=?") && line.utf8.count <= 900
    return isPlain ? line : encoded(line)
  }

  /// A name in front of an address, which may be plain only when nothing in it has a meaning of its own.
  package static func name(_ text: String) -> String {
    let line = oneLine(text)
    let isPlain = line.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x20
        || $0 == 0x2D
    }
    return isPlain ? line : encoded(line)
  }

  /// One line of text without control characters.
  package static func oneLine(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      result.append(isControl || scalar == "\u{2028}" || scalar == "\u{2029}" ? " " : scalar)
    }
    return String(result)
  }

  private static func encoded(_ text: String) -> String {
    var words: [String] = []
    var word: [UInt8] = []
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if word.count + bytes.count > longest {
        words.append(Base64.encode(word))
        word = []
      }
      word += bytes
    }
    if !word.isEmpty { words.append(Base64.encode(word)) }
    return words.map { "=?UTF-8?B?\($0)?=" }.joined(separator: "\r\n ")
  }
}
