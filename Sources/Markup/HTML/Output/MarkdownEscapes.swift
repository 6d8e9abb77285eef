/// Which characters of a text Markdown would take for marks.
struct MarkdownEscapes {
  private let text: ByteView
  private let isCell: Bool
  /// The place at the start of a line whose character would begin a block, or -1.
  private let blockMark: Int

  init(_ text: ByteView, isAtLineStart: Bool, isCell: Bool) {
    self.text = text
    self.isCell = isCell
    blockMark = isAtLineStart ? Self.blockMark(text) : -1
  }

  func needsEscape(at place: Int) -> Bool {
    if place == blockMark { return true }
    switch text[place] {
    case UInt8(ascii: "\\"), UInt8(ascii: "`"), UInt8(ascii: "*"), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: "<"), UInt8(ascii: "~"):
      return true
    case UInt8(ascii: "_"): return !(isWord(place - 1) && isWord(place + 1))
    case UInt8(ascii: "&"): return ASCII.isAlphanumeric(text[place + 1]) || text[place + 1] == UInt8(ascii: "#")
    case UInt8(ascii: "|"): return isCell
    default: return false
    }
  }

  private func isWord(_ place: Int) -> Bool { ASCII.isAlphanumeric(text[place]) || text[place] == UInt8(ascii: "_") }

  private static func blockMark(_ text: ByteView) -> Int {
    switch text[0] {
    case UInt8(ascii: ">"), UInt8(ascii: "|"), UInt8(ascii: ":"), UInt8(ascii: "="): return 0
    case UInt8(ascii: "#"), UInt8(ascii: "+"), UInt8(ascii: "-"):
      var end = 1
      while text[end] == text[0] { end += 1 }
      return end >= text.count || !ASCII.isAlphanumeric(text[end]) ? 0 : -1
    case let byte where ASCII.isDigit(byte):
      var end = 1
      while ASCII.isDigit(text[end]), end < 10 { end += 1 }
      return text[end] == UInt8(ascii: ".") || text[end] == UInt8(ascii: ")") ? end : -1
    default: return -1
    }
  }
}
