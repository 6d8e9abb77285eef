package import DataFormats
import Markup

/// What a document's text is written as.
package enum DocumentTarget: Sendable {
  case text, markdown
  /// A whole page, or only what stands in it; without a title, the page has that of the first heading.
  case html(isPage: Bool, title: String?)

  /// Writes and flushes what a reader has made of a document.
  ///
  /// Throws `DataFault` where that has more than a text may have, and what the drain throws.
  package func write(_ blocks: [UInt8], to drain: ByteDrain) throws {
    switch self {
    case .text: try HTMLText.write(try Self.parse(blocks), to: drain)
    case .markdown: try HTMLMarkdown.write(try Self.parse(blocks), to: drain)
    case .html(let isPage, let title):
      if isPage { try HTMLPage.begin(title: title ?? Self.heading(blocks), to: drain) }
      try blocks.withUnsafeBytes { try drain.put($0) }
      if isPage { try HTMLPage.end(to: drain) }
    }
    try drain.flush()
  }

  /// Writes and flushes a table of text.
  ///
  /// Throws `DataFault` where it is malformed or has more than a text may have, and what the drain throws.
  package func write(_ table: CSVDocumentReader, _ feed: ByteFeed, to drain: ByteDrain) throws {
    try write(try SheetHTML.table(table, feed, limit: MarkupLimits().bytes), to: drain)
  }

  /// The text of the first heading.
  private static func heading(_ blocks: [UInt8]) throws -> String {
    var place = 0
    while place + 3 < blocks.count,
      blocks[place] != 0x3C || blocks[place + 1] != UInt8(ascii: "h")
        || !(0x31...0x36).contains(blocks[place + 2]) || blocks[place + 3] != 0x3E
    {
      place += 1
    }
    guard place + 3 < blocks.count else { return "" }
    let end = Array("</h".utf8) + [blocks[place + 2]]
    var rest = blocks[(place + 4)...]
    while !rest.isEmpty, !rest.starts(with: end) { rest = rest.dropFirst() }
    let page = try parse(Array(blocks[(place + 4)..<rest.startIndex]))
    let words = page.text(of: 0).split { $0 <= 0x20 }
    return String(decoding: Array(words.joined(separator: [0x20])), as: UTF8.self)
  }

  private static func parse(_ blocks: [UInt8]) throws -> HTMLDocument {
    var limits = MarkupLimits()
    // Pictures that stand in the page are more than its text.
    limits.bytes *= 2
    return try HTMLParser(encoding: .utf8, limits: limits).parse(blocks)
  }
}
