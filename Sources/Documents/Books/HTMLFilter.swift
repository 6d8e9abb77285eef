import DataFormats
import Markup

/// Copies the elements of a page that hold text, and nothing that runs, is fetched, or says how it looks.
struct HTMLFilter {
  private static let kept: Set<String> = [
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody",
    "tfoot", "tr", "th", "td", "blockquote", "pre", "code", "em", "strong", "b", "i", "s", "del", "sub", "sup", "q",
    "cite", "small", "kbd", "samp", "var", "div", "section", "article", "aside", "figure", "figcaption", "header",
    "footer", "nav", "main", "address", "ruby", "rt", "rp", "mark", "ins",
  ]
  private static let empty: Set<String> = ["br", "hr"]
  private static let left: Set<String> = [
    "head", "script", "style", "template", "iframe", "object", "audio", "video", "canvas", "svg", "annotation",
    "annotation-xml", "noscript", "form",
  ]
  private static let attributes: [String: [String]] = [
    "td": ["colspan", "rowspan"], "th": ["colspan", "rowspan"], "ol": ["start"],
  ]

  private(set) var pictures: DocumentPictures
  private let folder: String
  private var html: [UInt8] = []

  /// `folder` is that of the page, from which its pictures are named.
  init(folder: String, pictures: DocumentPictures) {
    self.folder = folder
    self.pictures = pictures
  }

  func finish() -> [UInt8] { html }

  /// Throws what the reader throws.
  mutating func read(_ reader: PartReader) throws {
    try reader.children(text: { html.put(escaping: $0) }) { element in
      let values = element.attributes
      if let end = begin(element.name, { name in values[name] }) {
        try read(reader)
        html.put(end)
      }
    }
  }

  mutating func read(_ page: HTMLDocument) throws {
    for place in page.children(of: 0) { try read(page, place) }
  }

  private mutating func read(_ page: HTMLDocument, _ place: Int) throws {
    let node = page.nodes[place]
    if node.isText {
      html.put(escaping: String(decoding: page.text(of: place), as: UTF8.self))
      return
    }
    guard let end = begin(node.name, { name in node[name] }) else { return }
    for child in page.children(of: place) { try read(page, child) }
    html.put(end)
  }

  /// Writes the beginning of an element and tells its end; nil for one that is left out with all in it.
  private mutating func begin(_ name: String, _ value: (String) -> String?) -> String? {
    if Self.left.contains(name) || value("hidden") != nil { return nil }
    if Self.empty.contains(name) {
      html.put("<\(name) />")
      return nil
    }
    if name == "img" {
      putPicture(value("src"), value("alt") ?? "")
      return nil
    }
    if name == "a" {
      guard let address = value("href"), DocumentAddress.isKept(address) else { return "" }
      html.put("<a href=\"" as StaticString)
      html.put(escaping: address)
      html.put("\">" as StaticString)
      return "</a>"
    }
    guard Self.kept.contains(name) else { return "" }
    html.put("<\(name)")
    for attribute in Self.attributes[name] ?? [] {
      if let number = value(attribute).flatMap({ Int($0) }), number >= 0 { html.put(" \(attribute)=\"\(number)\"") }
    }
    html.put(">")
    return "</\(name)>"
  }

  private mutating func putPicture(_ source: String?, _ description: String) {
    var inline = InlineText()
    let isWithin = source.map { !$0.contains(":") } ?? false
    let part = isWithin ? source.map { Relationships.resolve(EPUBPackage.decoded($0), in: folder) } : nil
    pictures.put(part, description: description, to: &inline)
    html += inline.finish()
  }
}
