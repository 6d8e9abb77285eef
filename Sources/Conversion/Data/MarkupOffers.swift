import Formats

extension MarkupConverter {
  var name: String { "built in" }

  var offers: [Offer] {
    [
      Offer(
        from: [.md], to: [.html], options: [MarkupConverter.fragment, MarkupConverter.rawHTML, MarkupConverter.title]),
      Offer(from: [.html], to: [.md], options: [MarkupConverter.mainText]),
      Offer(from: [.html], to: [.txt], options: [MarkupConverter.mainText, MarkupConverter.addresses]),
      Offer(from: [.md], to: [.txt], options: [MarkupConverter.addresses]),
    ]
  }

  static let addresses = ConversionOption(
    "addresses", .flag, .flag(false), "writes the address of each link behind its text")
  static let fragment = ConversionOption(
    "fragment", .flag, .flag(false), "makes HTML of a text alone, without a page around it")
  static let mainText = ConversionOption(
    "main_text", .flag, .flag(false), "leaves out what a page says of itself to be navigation or a footer")
  static let rawHTML = ConversionOption(
    "raw_html", .flag, .flag(false), "keeps HTML that stands in Markdown; else it is shown as text")
  static let title = ConversionOption(
    "title", .text(valid: "up to 200 characters") { $0.count <= 200 && !$0.isEmpty }, nil,
    "title of the page; else the first heading")
}
