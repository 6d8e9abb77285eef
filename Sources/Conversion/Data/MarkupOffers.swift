import Formats
import Markup

extension MarkupConverter {
  var name: String { "built in" }

  var offers: [Offer] {
    [
      Offer(
        from: [.md], to: [.html],
        options: [
          MarkupConverter.extensions, MarkupConverter.fragment, MarkupConverter.rawHTML, MarkupConverter.title,
        ]),
      Offer(from: [.html], to: [.md], options: [MarkupConverter.mainText]),
      Offer(from: [.html], to: [.txt], options: [MarkupConverter.mainText, MarkupConverter.addresses]),
      Offer(from: [.md], to: [.txt], options: [MarkupConverter.addresses, MarkupConverter.extensions]),
    ]
  }

  static let addresses = ConversionOption(
    "addresses", .flag, .flag(false), "writes the address of each link behind its text")
  static let extensions = ConversionOption(
    "extensions", .words(dialects.map(\.name)), .word("gfm"),
    "what is read in Markdown beyond CommonMark: all that GitHub adds, nothing, or some of it")
  static let fragment = ConversionOption(
    "fragment", .flag, .flag(false), "makes HTML of a text alone, without a page around it")
  static let mainText = ConversionOption(
    "main_text", .flag, .flag(false), "leaves out what a page says of itself to be navigation or a footer")
  static let rawHTML = ConversionOption(
    "raw_html", .flag, .flag(false), "keeps HTML that stands in Markdown; else it is shown as text")
  private static let dialects: [(name: String, extension: MarkdownExtensions)] =
    [("gfm", .gitHub), ("commonmark", .none)] + MarkdownExtensions.named

  /// The extensions that are asked for, all together.
  static func dialect(_ options: ConversionOptions) -> MarkdownExtensions {
    let words = options.word(extensions)?.split(separator: ",").map(String.init) ?? []
    return dialects.reduce(MarkdownExtensions.none) { words.contains($1.name) ? $0.union($1.extension) : $0 }
  }

  static let title = ConversionOption(
    "title", .text(valid: "up to 200 characters") { $0.count <= 200 && !$0.isEmpty }, nil,
    "title of a page of HTML or of a PDF; else the first heading of Markdown")
}
