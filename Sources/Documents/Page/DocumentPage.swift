/// The blocks of a document, or of a cell of it, written as HTML one after the other.
struct DocumentPage {
  enum Block {
    case paragraph, quote, code
    case heading(Int)
  }

  private struct List {
    let isOrdered: Bool
    let identity: Int
  }

  /// No list goes deeper.
  private static let mostLevels = 12

  private var html: [UInt8] = []
  private var lists: [List] = []
  private var isInCode = false
  private var isInQuote = false
  /// The text of the only block so far, where that is a paragraph.
  private var only: [UInt8]?
  private var count = 0

  /// Writes a paragraph or a heading; a blank one is left out.
  mutating func put(_ inline: InlineText, as block: Block = .paragraph) {
    var inline = inline
    if inline.isBlank {
      if case .code = block, isInCode { html.append(0x0A) }
      return
    }
    let text = inline.finish()
    begin(block)
    count += 1
    only = nil
    switch block {
    case .paragraph where count == 1: only = text
    case .heading(let level):
      put("h\(min(max(level, 1), 6))", text)
      return
    case .code:
      html += text
      html.append(0x0A)
      return
    default: break
    }
    put("p", text)
  }

  /// Writes a paragraph as an item of a list at a level from 0; `identity` tells lists of one kind apart.
  mutating func put(_ inline: InlineText, at level: Int, isOrdered: Bool, number: Int = 1, identity: Int = 0) {
    var inline = inline
    guard !inline.isBlank else { return }
    let text = inline.finish()
    endCode()
    endQuote()
    only = nil
    count += 1
    let level = min(max(level, 0), Self.mostLevels)
    while lists.count > level + 1 { endList() }
    if lists.count == level + 1, let last = lists.last {
      if last.isOrdered == isOrdered && last.identity == identity {
        html.put("</li>\n<li>" as StaticString)
        html += text
        return
      }
      endList()
    }
    while lists.count <= level {
      let isOuter = lists.count < level
      let ordered = isOuter ? false : isOrdered
      html.put(ordered ? "<ol" : "<ul" as StaticString)
      if ordered && number != 1 { html.put(" start=\"\(number)\"") }
      html.put(">\n<li>" as StaticString)
      lists.append(List(isOrdered: ordered, identity: identity))
    }
    html += text
  }

  /// Writes a paragraph that belongs to the item before it.
  mutating func putInItem(_ inline: InlineText) {
    var inline = inline
    guard !inline.isBlank else { return }
    guard !lists.isEmpty else { return put(inline) }
    put("p", inline.finish())
  }

  /// Writes blocks that are HTML already.
  mutating func put(blocks: [UInt8], staysInItem: Bool = false) {
    guard !blocks.isEmpty else { return }
    if !staysInItem { endLists() }
    endCode()
    endQuote()
    only = nil
    count += 1
    html += blocks
  }

  mutating func endLists() {
    while !lists.isEmpty { endList() }
  }

  /// All of it; with `isCell`, a single paragraph without an element around it.
  mutating func finish(isCell: Bool = false) -> [UInt8] {
    endLists()
    endCode()
    endQuote()
    if isCell, count == 1, let only { return only }
    return html
  }

  private mutating func put(_ name: String, _ text: [UInt8]) {
    html.put("<\(name)>")
    html += text
    html.put("</\(name)>\n")
  }

  private mutating func begin(_ block: Block) {
    endLists()
    switch block {
    case .code:
      endQuote()
      if !isInCode { html.put("<pre><code>" as StaticString) }
      isInCode = true
    case .quote:
      endCode()
      if !isInQuote { html.put("<blockquote>\n" as StaticString) }
      isInQuote = true
    default:
      endCode()
      endQuote()
    }
  }

  private mutating func endList() {
    guard let list = lists.popLast() else { return }
    html.put(list.isOrdered ? "</li>\n</ol>\n" : "</li>\n</ul>\n" as StaticString)
  }

  private mutating func endCode() {
    if isInCode { html.put("</code></pre>\n" as StaticString) }
    isInCode = false
  }

  private mutating func endQuote() {
    if isInQuote { html.put("</blockquote>\n" as StaticString) }
    isInQuote = false
  }
}
