/// The parts of links and of link reference definitions (CommonMark 0.31, sections 4.7 and 6.3).
struct MarkdownLinkScanner {
  /// How many parentheses may stand inside each other in a destination without angle brackets.
  private static let depth = 32
  /// How many characters a label may have between its brackets; bytes are counted, which is never less.
  private static let labelLength = 999

  let text: ByteView

  init(_ text: ByteView) { self.text = text }

  /// What stands between the brackets of the label that begins at a place, or nil; it may be empty or blank.
  func label(at place: Int) -> Range<Int>? {
    guard text[place] == UInt8(ascii: "[") else { return nil }
    var end = place + 1
    var characters = 0
    while characters <= Self.labelLength, end < text.count {
      switch text[end] {
      case UInt8(ascii: "]"): return place + 1..<end
      case UInt8(ascii: "["): return nil
      case UInt8(ascii: "\\") where ASCII.isPunctuation(text[end + 1]):
        end += 2
        characters += 2
      case let byte:
        end += 1
        if byte & 0xC0 != 0x80 { characters += 1 }
      }
    }
    return nil
  }

  func isBlank(_ range: Range<Int>) -> Bool { text.slice(range).allSatisfy(ASCII.isSpace) }

  /// The destination that begins at a place, without its angle brackets, and where it ends, or nil.
  func destination(at place: Int) -> (range: Range<Int>, end: Int)? {
    text[place] == UInt8(ascii: "<") ? bracketed(at: place) : bare(at: place)
  }

  private func bracketed(at place: Int) -> (range: Range<Int>, end: Int)? {
    var end = place + 1
    while end < text.count {
      switch text[end] {
      case UInt8(ascii: ">"): return (place + 1..<end, end + 1)
      case UInt8(ascii: "<"), UInt8(ascii: "\n"): return nil
      case UInt8(ascii: "\\") where ASCII.isPunctuation(text[end + 1]): end += 2
      default: end += 1
      }
    }
    return nil
  }

  private func bare(at place: Int) -> (range: Range<Int>, end: Int)? {
    var end = place
    var open = 0
    scan: while end < text.count {
      switch text[end] {
      case UInt8(ascii: "\\") where ASCII.isPunctuation(text[end + 1]): end += 1
      case UInt8(ascii: "("):
        open += 1
        if open > Self.depth { return nil }
      case UInt8(ascii: ")"):
        if open == 0 { break scan }
        open -= 1
      case let byte where byte == 0x20 || ASCII.isControl(byte): break scan
      default: break
      }
      end += 1
    }
    return open == 0 ? (place..<end, end) : nil
  }

  /// The title that begins at a place, without its quotes, and where it ends, or nil.
  func title(at place: Int) -> (range: Range<Int>, end: Int)? {
    let close: UInt8
    switch text[place] {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): close = text[place]
    case UInt8(ascii: "("): close = UInt8(ascii: ")")
    default: return nil
    }
    var end = place + 1
    while end < text.count {
      switch text[end] {
      case close: return (place + 1..<end, end + 1)
      case UInt8(ascii: "(") where close == UInt8(ascii: ")"): return nil
      case UInt8(ascii: "\\") where ASCII.isPunctuation(text[end + 1]): end += 2
      default: end += 1
      }
    }
    return nil
  }

  /// The place after spaces, tabs and at most one line end.
  func afterSpace(_ place: Int) -> Int {
    let end = text.afterBlanks(place)
    return text[end] == UInt8(ascii: "\n") ? text.afterBlanks(end + 1) : end
  }
}
