import DataFormats
import Markup

/// Short ways from a text to what is written of it.
enum Rendering {
  static func html(
    _ text: String, _ extensions: MarkdownExtensions = .none, _ options: MarkdownHTMLOptions = .faithful
  ) throws -> String {
    let document = try MarkdownParser(extensions: extensions).parse(Array(text.utf8))
    return try written { try MarkdownHTML.write(document, options, to: $0) }
  }

  static func text(_ text: String, showsAddresses: Bool = false) throws -> String {
    let document = try MarkdownParser().parse(Array(text.utf8))
    return try written { try MarkdownText.write(document, showsAddresses: showsAddresses, to: $0) }
  }

  static func markdown(_ html: String, _ options: HTMLWriterOptions = .init()) throws -> String {
    let document = try HTMLParser().parse(Array(html.utf8))
    return try written { try HTMLMarkdown.write(document, options, to: $0) }
  }

  static func plain(_ html: String, _ options: HTMLWriterOptions = .init()) throws -> String {
    try plain(bytes: Array(html.utf8), options)
  }

  static func plain(bytes: [UInt8], _ options: HTMLWriterOptions = .init()) throws -> String {
    let document = try HTMLParser().parse(bytes)
    return try written { try HTMLText.write(document, options, to: $0) }
  }

  private static func written(_ write: (ByteDrain) throws -> Void) throws -> String {
    var bytes: [UInt8] = []
    try write(ByteDrain { bytes += $0 })
    return String(decoding: bytes, as: UTF8.self)
  }
}
