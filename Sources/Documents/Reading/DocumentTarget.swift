package import DataFormats
import Markup

/// What a document's text is written as.
package enum DocumentTarget: Sendable {
  case text, markdown
  /// A whole page, or only what stands in it.
  case html(isPage: Bool, title: String?)

  /// Writes and flushes what a reader has made of a document.
  ///
  /// Throws `DataFault` where that has more than a text may have, and what the drain throws.
  package func write(_ blocks: [UInt8], to drain: ByteDrain) throws {
    switch self {
    case .text: try HTMLText.write(try Self.parse(blocks), to: drain)
    case .markdown: try HTMLMarkdown.write(try Self.parse(blocks), to: drain)
    case .html(let isPage, let title):
      if isPage { try HTMLPage.begin(title: title ?? "", to: drain) }
      try blocks.withUnsafeBytes { try drain.put($0) }
      if isPage { try HTMLPage.end(to: drain) }
    }
    try drain.flush()
  }

  private static func parse(_ blocks: [UInt8]) throws -> HTMLDocument {
    var limits = MarkupLimits()
    // Pictures that stand in the page are more than its text.
    limits.bytes *= 2
    return try HTMLParser(encoding: .utf8, limits: limits).parse(blocks)
  }
}
