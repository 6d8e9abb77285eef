/// What stands in paragraphs, headings and cells.
extension MarkdownHTML {
  mutating func writeInlines(_ block: MarkdownBlock, _ text: ByteView) {
    inlines.parse(text.slice(block.range))
    images = 0
    var place = inlines.nodes.isEmpty ? -1 : 0
    while place >= 0 {
      let node = inlines.nodes[place]
      write(node)
      place = Int(node.next)
    }
  }

  private mutating func write(_ node: MarkdownNode) {
    switch node.kind {
    case .text: putText(node)
    case .code: writeCode(node)
    case .softBreak: output.put(images > 0 ? 0x20 : 0x0A)
    case .hardBreak: if images > 0 { output.put(0x20) } else { output.put("<br />\n") }
    case .startImage: beginImage(node)
    case .endImage: endImage(node)
    default: if images == 0 { writeStyle(node) }
    }
  }

  private mutating func writeStyle(_ node: MarkdownNode) {
    switch node.kind {
    case .html: writeRaw(node)
    case .footnote: writeFootnoteReference(inlines.text.slice(node.range))
    case .startEmphasis: output.put("<em>")
    case .endEmphasis: output.put("</em>")
    case .startStrong: output.put("<strong>")
    case .endStrong: output.put("</strong>")
    case .startStrikethrough: output.put("<del>")
    case .endStrikethrough: output.put("</del>")
    case .startLink: beginLink(node)
    case .endLink: if keeps(node) { output.put("</a>") }
    default: break
    }
  }

  private mutating func putText(_ node: MarkdownNode) {
    if node.isOwn {
      putEscaped(inlines.own[node.range])
    } else {
      output.putEscaped(inlines.text.slice(node.range))
    }
  }

  mutating func putEscaped(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBufferPointer { output.putEscaped($0) } }

  private mutating func writeCode(_ node: MarkdownNode) {
    if images == 0 { output.put("<code>") }
    var start = node.range.lowerBound
    while let end = inlines.text.prefix(node.range.upperBound).first(0x0A, from: start) {
      output.putEscaped(inlines.text.slice(start..<end))
      output.put(0x20)
      start = end + 1
    }
    output.putEscaped(inlines.text.slice(start..<max(start, node.range.upperBound)))
    if images == 0 { output.put("</code>") }
  }

  private mutating func writeRaw(_ node: MarkdownNode) {
    let raw = inlines.text.slice(node.range)
    switch options.rawHTML {
    case .dropped: break
    case .passed: putRaw(raw)
    case .escaped: output.putEscaped(raw)
    }
  }

  private static let filtered: [StaticString] = [
    "title", "textarea", "style", "xmp", "iframe", "noembed", "noframes", "script", "plaintext",
  ]

  /// Writes raw HTML; of the tags that the tag filter takes away, `<` is written as text (GFM, section 6.11).
  mutating func putRaw(_ raw: UnsafeBufferPointer<UInt8>) {
    guard document.extensions.contains(.tagFilter) else {
      output.put(raw)
      return
    }
    let view = ByteView(raw)
    var start = 0
    while let tag = view.first(UInt8(ascii: "<"), from: start) {
      output.put(view.slice(start..<tag))
      let name = view[tag + 1] == UInt8(ascii: "/") ? tag + 2 : tag + 1
      let isFiltered = Self.filtered.contains { filtered in
        let end = name + filtered.utf8CodeUnitCount
        return view.matches(filtered, at: name)
          && (end >= view.count || ASCII.isSpace(view[end]) || view[end] == UInt8(ascii: ">")
            || (view[end] == UInt8(ascii: "/") && view[end + 1] == UInt8(ascii: ">")))
      }
      if isFiltered { output.put("&lt;") } else { output.put(UInt8(ascii: "<")) }
      start = tag + 1
    }
    output.put(view.slice(start..<view.count))
  }

  private func keeps(_ node: MarkdownNode) -> Bool {
    options.keepsDangerousLinks || LinkSafety.isSafe(inlines.own[inlines.targets[Int(node.target)].destination])
  }

  private mutating func beginLink(_ node: MarkdownNode) {
    guard keeps(node) else { return }
    let target = inlines.targets[Int(node.target)]
    output.put("<a href=\"")
    output.putAddress(inlines.own[target.destination])
    putTitle(target.title)
    output.put("\">")
  }

  private mutating func putTitle(_ title: Range<Int>) {
    guard !title.isEmpty else { return }
    output.put("\" title=\"")
    putEscaped(inlines.own[title])
  }

  private mutating func beginImage(_ node: MarkdownNode) {
    images += 1
    guard images == 1 else { return }
    output.put("<img src=\"")
    if keeps(node) { output.putAddress(inlines.own[inlines.targets[Int(node.target)].destination]) }
    output.put("\" alt=\"")
  }

  private mutating func endImage(_ node: MarkdownNode) {
    images -= 1
    guard images == 0 else { return }
    putTitle(inlines.targets[Int(node.target)].title)
    output.put("\" />")
  }
}
