/// The addresses that become links without angle brackets (GFM, section 6.9).
struct MarkdownWebAddress {
  private static let schemes: [StaticString] = ["http", "https", "ftp"]

  private let text: ByteView

  init(_ text: ByteView) { self.text = text }

  /// The end of the address that begins with the `w` at a place, or nil.
  func web(at place: Int) -> Int? {
    guard text[place + 1] == UInt8(ascii: "w"), text.matches("www.", at: place), mayBegin(at: place) else { return nil }
    return end(place, host: place, mayBeShort: false)
  }

  private func mayBegin(at place: Int) -> Bool {
    place == 0 || ASCII.isSpace(text[place - 1]) || "*_~(".utf8.contains(text[place - 1])
  }

  /// The address whose scheme ends at a colon and begins not before `first`, or nil.
  func uri(colon: Int, notBefore first: Int) -> Range<Int>? {
    guard text.matches("//", at: colon + 1), ASCII.isAlphanumeric(text[colon + 3]) || text[colon + 3] >= 0x80 else {
      return nil
    }
    var start = colon
    while start > first, colon - start < 6, ASCII.isLetter(text[start - 1]) { start -= 1 }
    let isScheme = Self.schemes.contains { $0.utf8CodeUnitCount == colon - start && text.matches($0, at: start) }
    guard isScheme, let end = end(start, host: colon + 3, mayBeShort: true) else { return nil }
    return start..<end
  }

  /// Where the address ends whose host begins at a place, or nil where that is no host.
  private func end(_ start: Int, host: Int, mayBeShort: Bool) -> Int? {
    guard var end = hostEnd(host, mayBeShort: mayBeShort) else { return nil }
    while end < text.count, !ASCII.isSpace(text[end]), text[end] != UInt8(ascii: "<") { end += 1 }
    end = withoutTrail(start..<end)
    return end > host ? end : nil
  }

  /// The end of a host name, whose last two labels have no underscore.
  private func hostEnd(_ start: Int, mayBeShort: Bool) -> Int? {
    var end = start
    var dots = 0
    var underscores = (0, 0)
    while end < text.count {
      let byte = text[end]
      if byte == UInt8(ascii: "_") {
        underscores.1 += 1
      } else if byte == UInt8(ascii: ".") {
        underscores = (underscores.1, 0)
        dots += 1
      } else if byte >= 0x80 {
        guard ScalarClass.at(end, in: text) != .whitespace else { break }
        while text[end + 1] & 0xC0 == 0x80 { end += 1 }
      } else if !ASCII.isAlphanumeric(byte), byte != UInt8(ascii: "-") {
        break
      }
      end += 1
    }
    // A host of many labels is taken whatever they hold, or each of them would be read again for each that begins later.
    guard end > start, mayBeShort || dots > 0, dots > 10 || underscores == (0, 0) else { return nil }
    return end
  }

  private static let trail = ByteSet("?!.,:*_~'\"")

  /// The end without punctuation, parentheses that nothing opens, and what looks like a character reference.
  private func withoutTrail(_ range: Range<Int>) -> Int {
    var end = range.upperBound
    let bytes = text.slice(range)
    var excess = bytes.count { $0 == UInt8(ascii: ")") } - bytes.count { $0 == UInt8(ascii: "(") }
    while end > range.lowerBound {
      let byte = text[end - 1]
      if Self.trail.contains(byte) {
        end -= 1
      } else if byte == UInt8(ascii: ")"), excess > 0 {
        excess -= 1
        end -= 1
      } else if byte == UInt8(ascii: ";") {
        end = beforeReference(end, from: range.lowerBound)
      } else {
        break
      }
    }
    return end
  }

  private func beforeReference(_ end: Int, from first: Int) -> Int {
    var start = end - 1
    while start > first, ASCII.isAlphanumeric(text[start - 1]) { start -= 1 }
    return start < end - 1 && start > first && text[start - 1] == UInt8(ascii: "&") ? start - 1 : end - 1
  }
}
