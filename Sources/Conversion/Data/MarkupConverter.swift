import Basics
import DataFormats
import Formats
import Markup
import Pictures

/// Turns Markdown and HTML into each other and into plain text.
struct MarkupConverter: Converter {
  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    let output = ByteOutput(files.output)
    do {
      let feed = ByteFeed(descriptor: files.sources[0])
      let drain = DataConverter.drain(to: output, limits)
      let options = conversion.options
      if conversion.from == .html {
        var wishes = HTMLWriterOptions()
        wishes.leavesOutNavigation = options.flag(MarkupConverter.mainText)
        wishes.showsAddresses = options.flag(MarkupConverter.addresses)
        let document = try HTMLParser().parse(try MarkupConverter.bytes(feed))
        if conversion.to == .md {
          try HTMLMarkdown.write(document, wishes, to: drain)
        } else {
          try HTMLText.write(document, wishes, to: drain)
        }
      } else {
        let document = try MarkupConverter.document(feed, options)
        if conversion.to == .html {
          try MarkdownHTML.write(document, MarkupConverter.page(options), to: drain)
        } else {
          try MarkdownText.write(document, showsAddresses: options.flag(MarkupConverter.addresses), to: drain)
        }
      }
      try drain.flush()
    } catch {
      let source = conversion.from ?? .md
      throw DataConverter.failure(error, source.title, conversion.to.title)
    }
    return ConvertedFile(size: try DataConverter.finish(output))
  }

  private static func bytes(_ feed: ByteFeed) throws -> [UInt8] {
    let most = MarkupLimits().bytes
    guard let bytes = try feed.rest(atMost: most) else {
      throw DataFault(.tooLarge, "a text may have \(most) bytes")
    }
    return bytes
  }

  /// Reads Markdown, with the extensions that are asked for.
  static func document(_ feed: ByteFeed, _ options: ConversionOptions) throws -> MarkdownDocument {
    try MarkdownParser(extensions: dialect(options)).parse(try bytes(feed))
  }

  private static func page(_ options: ConversionOptions) -> MarkdownHTMLOptions {
    var wishes = MarkdownHTMLOptions()
    wishes.isPage = !options.flag(fragment)
    wishes.rawHTML = options.flag(rawHTML) ? .passed : .escaped
    wishes.title = options.word(title)
    return wishes
  }
}
