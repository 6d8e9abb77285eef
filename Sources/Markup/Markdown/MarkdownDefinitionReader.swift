/// Reads the link reference definitions that a paragraph begins with (CommonMark 0.31, section 4.7).
struct MarkdownDefinitionReader {
  private let text: ByteView
  private let scanner: MarkdownLinkScanner

  init(_ text: ByteView) {
    self.text = text
    scanner = MarkdownLinkScanner(text)
  }

  /// Keeps the definitions and returns where they end.
  mutating func read(from start: Int, into references: inout MarkdownReferences) -> Int {
    var place = start
    while text[place] == UInt8(ascii: "["), let end = readOne(at: place, into: &references) { place = end }
    return place
  }

  private func readOne(at place: Int, into references: inout MarkdownReferences) -> Int? {
    guard let label = scanner.label(at: place), !scanner.isBlank(label),
      text[label.upperBound + 1] == UInt8(ascii: ":"),
      let destination = scanner.destination(at: scanner.afterSpace(label.upperBound + 2)),
      destination.end > scanner.afterSpace(label.upperBound + 2)
    else { return nil }
    let key = text.slice(label)
    if let title = title(after: destination.end) {
      references.define(Array(key)[...], text, destination: destination.range, title: title.range)
      return title.end
    }
    guard let end = lineEnd(from: destination.end) else { return nil }
    references.define(Array(key)[...], text, destination: destination.range, title: nil)
    return end
  }

  /// The title after white space, if nothing follows it in its line.
  private func title(after place: Int) -> (range: Range<Int>, end: Int)? {
    let start = scanner.afterSpace(place)
    guard start > place, let title = scanner.title(at: start), let end = lineEnd(from: title.end) else { return nil }
    return (title.range, end)
  }

  /// The place after the line, where only blanks are left in it, or nil.
  private func lineEnd(from place: Int) -> Int? {
    let end = text.afterBlanks(place)
    return end >= text.count ? text.count : text[end] == 0x0A ? end + 1 : nil
  }
}
