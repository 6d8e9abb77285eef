/// A document of Markdown as a tree of blocks; what stands in a paragraph, heading or cell is read when it is asked for.
package struct MarkdownDocument: Sendable {
  /// All blocks in the order of the document; the first is the document itself.
  package internal(set) var blocks: [MarkdownBlock]
  /// What the ranges of the blocks lie in, UTF-8.
  package internal(set) var text: [UInt8]
  let references: MarkdownReferences
  let extensions: MarkdownExtensions

  /// The text of a block: of code and HTML the thing itself, of other leaves the source of its inlines.
  package func source(of block: MarkdownBlock) -> String { String(decoding: text[block.range], as: UTF8.self) }

  /// The info string of a code block or the label of a footnote.
  package func info(of block: MarkdownBlock) -> String { String(decoding: text[block.info], as: UTF8.self) }

  /// The places of the blocks that stand directly in a block.
  package func children(of place: Int) -> [Int] {
    var places: [Int] = []
    var child = blocks[place].firstChild
    while child >= 0 {
      places.append(Int(child))
      child = blocks[Int(child)].next
    }
    return places
  }

  /// What stands in a paragraph, heading or cell, in order.
  package func inlines(of block: MarkdownBlock) -> [MarkdownInline] {
    guard block.hasInlines else { return [] }
    return text.withUnsafeBufferPointer { bytes in
      var parser = MarkdownInlineParser(self)
      parser.parse(ByteView(bytes).slice(block.range))
      return parser.inlines()
    }
  }

  /// The block of a footnote's label, or nil.
  package func footnote(_ label: String) -> Int? {
    references.footnotes[MarkdownReferences.key(Array(label.utf8)[...])]
  }

  /// The text of the first heading, which a page may have as its title, or nil.
  package var title: String? {
    guard let heading = blocks.first(where: { $0.kind == .heading }) else { return nil }
    return MarkdownInline.plainText(inlines(of: heading))
  }
}
