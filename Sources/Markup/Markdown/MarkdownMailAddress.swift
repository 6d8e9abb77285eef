/// The mail addresses that become links without angle brackets (GFM, section 6.9).
struct MarkdownMailAddress {
  let range: Range<Int>
  /// Whether `mailto:` or `xmpp:` stands before it.
  let hasScheme: Bool

  /// The address around an `@`, or nil.
  init?(_ text: ByteView, around at: Int, notBefore first: Int) {
    var start = at
    while start > first, ASCII.isAlphanumeric(text[start - 1]) || "+-._".utf8.contains(text[start - 1]) { start -= 1 }
    guard start < at, let end = Self.hostEnd(text, at + 1) else { return nil }
    if let scheme = Self.scheme("mailto:", text, before: start, notBefore: first) {
      range = scheme..<end
      hasScheme = true
    } else if let scheme = Self.scheme("xmpp:", text, before: start, notBefore: first) {
      range = scheme..<Self.resourceEnd(text, end)
      hasScheme = true
    } else {
      range = start..<end
      hasScheme = false
    }
  }

  private static func scheme(_ scheme: StaticString, _ text: ByteView, before place: Int, notBefore first: Int) -> Int?
  {
    let start = place - scheme.utf8CodeUnitCount
    guard start >= first, text.matches(scheme, at: start), start == first || !ASCII.isAlphanumeric(text[start - 1])
    else {
      return nil
    }
    return start
  }

  private static func hostEnd(_ text: ByteView, _ start: Int) -> Int? {
    var end = start
    var dots = 0
    while end < text.count {
      let byte = text[end]
      if byte == UInt8(ascii: ".") {
        guard end > start, ASCII.isAlphanumeric(text[end + 1]) else { break }
        dots += 1
      } else if !ASCII.isAlphanumeric(byte), byte != UInt8(ascii: "-"), byte != UInt8(ascii: "_") {
        break
      }
      end += 1
    }
    guard dots > 0, ASCII.isAlphanumeric(text[end - 1]), text[end] != UInt8(ascii: "@") else { return nil }
    return end
  }

  /// The end with the resource that an address of XMPP may have.
  private static func resourceEnd(_ text: ByteView, _ start: Int) -> Int {
    guard text[start] == UInt8(ascii: "/") else { return start }
    var end = start + 1
    while ASCII.isAlphanumeric(text[end]) || text[end] == UInt8(ascii: "@") || text[end] == UInt8(ascii: ".") {
      end += 1
    }
    while end > start + 1, text[end - 1] == UInt8(ascii: ".") { end -= 1 }
    return end > start + 1 ? end : start
  }
}
