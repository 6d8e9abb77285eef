package import DataFormats

/// Reads Markdown: CommonMark 0.31, with what GitHub adds where it is asked for.
package struct MarkdownParser: Sendable {
  package var extensions: MarkdownExtensions
  package var limits: MarkupLimits

  package init(extensions: MarkdownExtensions = .gitHub, limits: MarkupLimits = MarkupLimits()) {
    self.extensions = extensions
    self.limits = limits
  }

  /// Every text is Markdown; blocks that would stand deeper than the limit are read as text.
  ///
  /// UTF-8, or UTF-16 with a byte order mark. Throws where the document has more bytes or blocks than the limits allow.
  package func parse(_ bytes: [UInt8]) throws(DataFault) -> MarkdownDocument {
    guard bytes.count <= limits.bytes else {
      throw DataFault(.tooLarge, "the document has \(bytes.count) bytes; at most \(limits.bytes) are read")
    }
    let mark = MarkupEncoding.mark(bytes)
    let text = Self.withoutNull((mark?.encoding ?? .utf8).decode(bytes[(mark?.count ?? 0)...]))
    return try text.withUnsafeBufferPointer { source throws(DataFault) in
      var parser = MarkdownBlockParser(ByteView(source), extensions: extensions, limits: limits)
      return try parser.parse()
    }
  }

  /// U+0000 becomes U+FFFD (CommonMark 0.31, section 2.3).
  private static func withoutNull(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(0) else { return text }
    return Array(text.map { $0 == 0 ? [0xEF, 0xBF, 0xBD] : [$0] }.joined())
  }
}
