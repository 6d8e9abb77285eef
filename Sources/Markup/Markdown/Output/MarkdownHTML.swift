package import DataFormats

/// Writes a document of Markdown as HTML, as the examples of CommonMark and GFM have it.
package struct MarkdownHTML {
  let document: MarkdownDocument
  let options: MarkdownHTMLOptions
  private let drain: ByteDrain
  var output: MarkupOutput
  var inlines: MarkdownInlineParser
  /// The footnotes referred to so far by the places of their blocks, with the number of their references.
  var footnotes: [(block: Int, references: Int)] = []
  var footnoteNumbers: [Int: Int] = [:]
  /// The paragraph that ends a footnote, with the footnote's number, while it is written.
  var footnoteEnd: (block: Int, number: Int)?
  /// How many images the text being written is the description of.
  var images = 0

  /// Throws what the drain's taker throws.
  package static func write(_ document: MarkdownDocument, _ options: MarkdownHTMLOptions, to drain: ByteDrain) throws {
    var writer = MarkdownHTML(document, options, drain)
    try writer.write()
  }

  private init(_ document: MarkdownDocument, _ options: MarkdownHTMLOptions, _ drain: ByteDrain) {
    self.document = document
    self.options = options
    self.drain = drain
    output = MarkupOutput(drain)
    inlines = MarkdownInlineParser(document)
  }

  private mutating func write() throws {
    if options.isPage {
      try HTMLPage.begin(title: options.title ?? document.title ?? "", language: options.language, to: drain)
    }
    try document.text.withUnsafeBufferPointer { text in
      try write(0, ByteView(text))
      try writeFootnotes(ByteView(text))
    }
    try output.finish()
    if options.isPage {
      try HTMLPage.end(to: drain)
      try drain.flush()
    }
  }

  /// Writes a block with all it holds.
  mutating func write(_ top: Int, _ text: ByteView) throws {
    var place = top
    while true {
      try output.leave()
      let enters = begin(place, text)
      if enters, document.blocks[place].firstChild >= 0 {
        place = Int(document.blocks[place].firstChild)
        continue
      }
      if enters { end(place) }
      while place != top, document.blocks[place].next < 0 {
        place = Int(document.blocks[place].parent)
        end(place)
      }
      if place == top { return }
      place = Int(document.blocks[place].next)
    }
  }

  /// Writes what comes before a block's children, or all of a leaf; false where what is inside is not shown here.
  private mutating func begin(_ place: Int, _ text: ByteView) -> Bool {
    let block = document.blocks[place]
    switch block.kind {
    case .document: break
    case .quote: putLine("<blockquote>\n")
    case .list: beginList(block)
    case .item: beginItem(block)
    case .paragraph: writeParagraph(place, text)
    case .heading: writeHeading(block, text)
    case .code: writeCode(block, text)
    case .html: writeRaw(block, text)
    case .rule: putLine("<hr />\n")
    case .table: putLine("<table>\n")
    case .row: beginRow(place)
    case .cell: writeCell(block, text)
    case .footnote, .definitions: return false
    }
    return true
  }

  private mutating func end(_ place: Int) {
    let block = document.blocks[place]
    switch block.kind {
    case .quote: putLine("</blockquote>\n")
    case .list: putLine(block.isOrdered ? "</ol>\n" : "</ul>\n")
    case .item: output.put("</li>\n")
    case .table: endTable(block)
    case .row: output.put(block.isHead ? "</tr>\n</thead>\n" : "</tr>\n")
    default: break
    }
  }

  mutating func putLine(_ text: StaticString) {
    output.line()
    output.put(text)
  }
}
