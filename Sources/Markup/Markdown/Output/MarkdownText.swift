package import DataFormats

/// Writes a document of Markdown as plain text: no marks but those of lists, no raw HTML.
package struct MarkdownText {
  private let document: MarkdownDocument
  private let showsAddresses: Bool
  private var layout: TextLayout
  /// For each open list, the number of its next item; nil where it has none.
  private var numbers: [Int?] = []

  /// Throws what the drain's taker throws; `showsAddresses` puts each link's address behind its text.
  package static func write(_ document: MarkdownDocument, showsAddresses: Bool = false, to drain: ByteDrain) throws {
    var writer = MarkdownText(document: document, showsAddresses: showsAddresses, layout: TextLayout(drain))
    try writer.write()
  }

  private init(document: MarkdownDocument, showsAddresses: Bool, layout: TextLayout) {
    self.document = document
    self.showsAddresses = showsAddresses
    self.layout = layout
  }

  private mutating func write() throws {
    var place = 0
    while true {
      begin(place)
      try layout.leave()
      if document.blocks[place].firstChild >= 0 {
        place = Int(document.blocks[place].firstChild)
        continue
      }
      end(document.blocks[place])
      while document.blocks[place].next < 0, place != 0 {
        place = Int(document.blocks[place].parent)
        end(document.blocks[place])
      }
      if place == 0 { break }
      place = Int(document.blocks[place].next)
    }
    try layout.finish()
  }

  private mutating func begin(_ place: Int) {
    let block = document.blocks[place]
    separate(place)
    switch block.kind {
    case .list: numbers.append(block.isOrdered ? Int(block.number) : nil)
    case .item: beginItem(block)
    case .quote: layout.push(first: "  ", rest: "  ")
    case .footnote: layout.push(first: "[\(document.info(of: block))] ", rest: "    ")
    case .paragraph, .heading: put(document.inlines(of: block))
    case .code: layout.put(document.text[block.range])
    case .cell:
      if Int(document.blocks[Int(block.parent)].firstChild) != place { layout.put("\t") }
      put(document.inlines(of: block))
    case .row, .table, .document, .html, .rule, .definitions: break
    }
  }

  /// Sets a block off from the one before it, if there is one.
  private mutating func separate(_ place: Int) {
    let block = document.blocks[place]
    guard block.kind != .cell, block.parent >= 0 else { return }
    let parent = document.blocks[Int(block.parent)]
    if Int(parent.firstChild) == place, parent.kind != .document { return }
    layout.block()
    let isInTightItem = parent.kind == .item && document.blocks[Int(parent.parent)].isTight
    if block.kind == .row || isInTightItem || parent.isTight { layout.tighten() }
  }

  private mutating func beginItem(_ block: MarkdownBlock) {
    var mark = "- "
    if let number = numbers.last.flatMap({ $0 }) {
      mark = "\(number). "
      numbers[numbers.count - 1] = number + 1
    }
    layout.push(first: mark, rest: String(repeating: " ", count: mark.count))
    if block.task != .none { layout.put(block.task == .done ? "[x] " : "[ ] ") }
  }

  private mutating func end(_ block: MarkdownBlock) {
    switch block.kind {
    case .list: numbers.removeLast()
    case .item, .quote, .footnote: layout.pop()
    default: break
    }
  }

  private mutating func put(_ inlines: [MarkdownInline]) {
    for inline in inlines {
      switch inline {
      case .text(let text), .code(let text): layout.put(text)
      case .softBreak: layout.put(" ")
      case .hardBreak: layout.put("\n")
      case .footnote(let label): layout.put("[\(label)]")
      case .end(.link(let destination, _)) where showsAddresses: layout.put(" (\(destination))")
      case .html, .start, .end: break
      }
    }
  }
}
