package import DataFormats

/// Writes a document of HTML as plain text in its lines and paragraphs.
package enum HTMLText {
  /// Throws what the drain's taker throws.
  package static func write(_ document: HTMLDocument, _ options: HTMLWriterOptions = .init(), to drain: ByteDrain)
    throws
  {
    var writer = HTMLWriter(document, options, isPlain: true, drain)
    try writer.write()
  }
}
