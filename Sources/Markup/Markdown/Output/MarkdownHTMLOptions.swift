/// How Markdown is written as HTML.
package struct MarkdownHTMLOptions: Sendable {
  /// What becomes of raw HTML.
  package enum RawHTML: Sendable {
    /// It is shown as text.
    case escaped
    /// It goes into the output as it is, but for what the tag filter takes away.
    case passed
    case dropped
  }

  package var rawHTML = RawHTML.escaped
  /// Whether links and images may lead anywhere, `javascript:` as well.
  package var keepsDangerousLinks = false
  /// Whether a whole page is written instead of what stands in its body.
  package var isPage = false
  /// The title of the page; without one, the text of the first heading.
  package var title: String?
  /// The language of the page as a BCP 47 tag, if it is known.
  package var language: String?

  /// Safe for text of unknown origin: a fragment without raw HTML and without dangerous links.
  package init() {}

  /// What the examples of the specifications expect: raw HTML and all links as they are.
  package static var faithful: MarkdownHTMLOptions {
    var options = MarkdownHTMLOptions()
    options.rawHTML = .passed
    options.keepsDangerousLinks = true
    return options
  }
}
