/// What may be read beyond CommonMark, each by its section of the GitHub Flavored Markdown specification.
package struct MarkdownExtensions: OptionSet, Sendable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }

  package static let tables = MarkdownExtensions(rawValue: 1)
  package static let taskLists = MarkdownExtensions(rawValue: 2)
  package static let strikethrough = MarkdownExtensions(rawValue: 4)
  /// Addresses that become links without angle brackets.
  package static let autolinks = MarkdownExtensions(rawValue: 8)
  /// Raw HTML that is passed loses the tags that change how all that follows is read; only writers of HTML look at it.
  package static let tagFilter = MarkdownExtensions(rawValue: 16)
  /// `[^name]` and `[^name]: text`, which GitHub reads and its specification does not describe.
  package static let footnotes = MarkdownExtensions(rawValue: 32)

  /// Nothing beyond CommonMark.
  package static let none: MarkdownExtensions = []
  package static let gitHub: MarkdownExtensions = [
    .tables, .taskLists, .strikethrough, .autolinks, .tagFilter, .footnotes,
  ]

  /// The extensions by the names that options use.
  package static let named: [(name: String, extension: MarkdownExtensions)] = [
    ("table", .tables), ("tasklist", .taskLists), ("strikethrough", .strikethrough), ("autolink", .autolinks),
    ("tagfilter", .tagFilter), ("footnotes", .footnotes),
  ]
}
