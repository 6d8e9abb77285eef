/// One step through the text of a paragraph, heading or cell; styles begin and end, always in pairs and well nested.
package enum MarkdownInline: Sendable, Equatable {
  case text(String)
  case code(String)
  /// A piece of raw HTML, as it was written.
  case html(String)
  /// A line end that means no more than a space.
  case softBreak
  case hardBreak
  /// A reference to a footnote by its label, which the document has.
  case footnote(String)
  case start(Style)
  case end(Style)

  package enum Style: Sendable, Equatable {
    case emphasis
    case strong
    case strikethrough
    case link(destination: String, title: String)
    /// What stands inside is its alternative text.
    case image(source: String, title: String)
  }

  /// The text without styles; a break becomes a space.
  package static func plainText(_ inlines: [MarkdownInline]) -> String {
    var plain = ""
    for inline in inlines {
      switch inline {
      case .text(let text), .code(let text): plain += text
      case .softBreak, .hardBreak: plain += " "
      case .html, .footnote, .start, .end: break
      }
    }
    return plain
  }
}
