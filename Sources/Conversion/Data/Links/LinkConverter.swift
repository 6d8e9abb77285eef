import Basics
import DataFormats
import Formats
import Markup
import Pictures

/// Tells what a page leads to, and which pages a sitemap or a feed names, as JSON.
struct LinkConverter: Converter {
  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    let source = conversion.from ?? .html
    do {
      let feed = ByteFeed(descriptor: files.sources[0])
      let base = conversion.options.word(LinkConverter.base).flatMap(PageLinks.base)
      let found = try source == .html ? LinkConverter.page(feed, base) : LinkConverter.list(feed, source, base)
      let output = ByteOutput(files.output)
      let drain = DataConverter.drain(to: output, limits)
      try found.bytes.withUnsafeBytes { try drain.put($0) }
      try drain.flush()
      return ConvertedFile(
        size: try DataConverter.finish(output), warnings: found.isCut ? [.linksLeftOut] : [])
    } catch {
      throw DataConverter.failure(error, source.title, conversion.to.title)
    }
  }

  private static func page(_ feed: ByteFeed, _ base: WebAddress?) throws -> (bytes: [UInt8], isCut: Bool) {
    let most = MarkupLimits().bytes
    guard let bytes = try feed.rest(atMost: most) else {
      throw DataFault(.tooLarge, "a page may have \(most) bytes")
    }
    var parser = HTMLParser()
    parser.allowsUnknownEncodings = true
    var links = PageLinks(try parser.parse(bytes), base)
    links.find()
    return (links.json, links.isCut)
  }

  private static func list(_ feed: ByteFeed, _ source: Format, _ base: WebAddress?) throws -> (
    bytes: [UInt8], isCut: Bool
  ) {
    var list = PageList(base)
    // A document without its declaration is taken for a text.
    if try source == .xml || beginsWithTag(feed) {
      try list.readXML(feed)
    } else {
      try list.readText(try TextEncoding.decode(feed, from: nil))
    }
    return (list.json, list.isCut)
  }

  private static func beginsWithTag(_ feed: ByteFeed) throws -> Bool {
    defer { feed.rewind() }
    _ = try feed.fetch()
    let first = feed.unread.first { $0 > 0x20 && $0 < 0x80 }
    return first == UInt8(ascii: "<")
  }
}
