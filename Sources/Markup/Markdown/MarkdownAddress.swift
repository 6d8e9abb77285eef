/// The addresses that may stand in angle brackets (CommonMark 0.31, section 6.5).
struct MarkdownAddress {
  private let text: ByteView

  init(_ text: ByteView) { self.text = text }

  /// The place of the bracket that ends the URI which begins at a place, or nil.
  func uri(at place: Int) -> Int? {
    guard ASCII.isLetter(text[place]) else { return nil }
    var end = place + 1
    while ASCII.isAlphanumeric(text[end]) || "+.-".utf8.contains(text[end]) { end += 1 }
    guard 2...32 ~= end - place, text[end] == UInt8(ascii: ":") else { return nil }
    while end < text.count, text[end] > 0x20, text[end] != 0x7F, text[end] != UInt8(ascii: "<"),
      text[end] != UInt8(ascii: ">")
    { end += 1 }
    return text[end] == UInt8(ascii: ">") ? end : nil
  }

  private static let local = ByteSet(".!#$%&'*+/=?^_`{|}~-")

  /// The place of the bracket that ends the mail address which begins at a place, or nil.
  func mail(at place: Int) -> Int? {
    var end = place
    while ASCII.isAlphanumeric(text[end]) || Self.local.contains(text[end]) { end += 1 }
    guard end > place, text[end] == UInt8(ascii: "@") else { return nil }
    repeat {
      guard let label = label(at: end + 1) else { return nil }
      end = label
    } while text[end] == UInt8(ascii: ".")
    return text[end] == UInt8(ascii: ">") ? end : nil
  }

  /// The end of a label of a host name: at most 63 letters, digits and hyphens, these not at its ends.
  private func label(at place: Int) -> Int? {
    var end = place
    while ASCII.isAlphanumeric(text[end]) || text[end] == UInt8(ascii: "-") { end += 1 }
    guard 1...63 ~= end - place, text[place] != UInt8(ascii: "-"), text[end - 1] != UInt8(ascii: "-") else {
      return nil
    }
    return end
  }
}
