package import DataFormats

/// Writes a document of HTML as Markdown: CommonMark with GitHub's tables, task lists and strikethrough.
package enum HTMLMarkdown {
  /// Throws what the drain's taker throws.
  package static func write(_ document: HTMLDocument, _ options: HTMLWriterOptions = .init(), to drain: ByteDrain)
    throws
  {
    var writer = HTMLWriter(document, options, isPlain: false, drain)
    try writer.write()
  }
}
