/// Raw HTML as Markdown finds it (CommonMark 0.31, section 6.6); much less than what HTML itself takes for a tag.
struct MarkdownTagScanner {
  let text: ByteView

  init(_ text: ByteView) { self.text = text }

  /// Where the open or closing tag that begins at a place ends, or nil.
  func tag(at place: Int) -> Int? {
    text[place + 1] == UInt8(ascii: "/") ? closingTag(at: place) : openTag(at: place)
  }

  /// Where the name that begins at a place ends, or nil.
  func name(at place: Int) -> Int? {
    guard ASCII.isLetter(text[place]) else { return nil }
    var end = place + 1
    while ASCII.isAlphanumeric(text[end]) || text[end] == UInt8(ascii: "-") { end += 1 }
    return end
  }

  private func closingTag(at place: Int) -> Int? {
    guard let name = name(at: place + 2) else { return nil }
    let end = afterSpace(name)
    return text[end] == UInt8(ascii: ">") ? end + 1 : nil
  }

  private func openTag(at place: Int) -> Int? {
    guard var end = name(at: place + 1) else { return nil }
    while true {
      let next = afterSpace(end)
      if text[next] == UInt8(ascii: ">") { return next + 1 }
      if text[next] == UInt8(ascii: "/") { return text[next + 1] == UInt8(ascii: ">") ? next + 2 : nil }
      guard next > end, let attribute = attribute(at: next) else { return nil }
      end = attribute
    }
  }

  private func attribute(at place: Int) -> Int? {
    guard Self.startsAttribute(text[place]) else { return nil }
    var end = place + 1
    while Self.startsAttribute(text[end]) || ASCII.isDigit(text[end]) || text[end] == UInt8(ascii: ".")
      || text[end] == UInt8(ascii: "-")
    { end += 1 }
    let equals = afterSpace(end)
    return text[equals] == UInt8(ascii: "=") ? value(at: afterSpace(equals + 1)) : end
  }

  private static func startsAttribute(_ byte: UInt8) -> Bool {
    ASCII.isLetter(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
  }

  private static let endOfBare = ByteSet(" \t\n\"'=<>`")

  private func value(at place: Int) -> Int? {
    let quote = text[place]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      return text.first(quote, from: place + 1).map { $0 + 1 }
    }
    var end = place
    while end < text.count, !Self.endOfBare.contains(text[end]) { end += 1 }
    return end > place ? end : nil
  }

  private func afterSpace(_ place: Int) -> Int {
    var end = place
    while ASCII.isSpace(text[end]) { end += 1 }
    return end
  }
}
