/// What has been read, as a list of values.
extension MarkdownInlineParser {
  /// The leaf that was read last.
  func inlines() -> [MarkdownInline] {
    var inlines: [MarkdownInline] = []
    var text = ""
    var node = nodes.isEmpty ? -1 : 0
    while node >= 0 {
      let next = nodes[node]
      node = Int(next.next)
      if next.kind == .text {
        text += string(next)
        continue
      }
      if !text.isEmpty { inlines.append(.text(text)) }
      text = ""
      inlines.append(inline(next))
    }
    if !text.isEmpty { inlines.append(.text(text)) }
    return inlines
  }

  private func string(_ node: MarkdownNode) -> String {
    node.isOwn ? String(decoding: own[node.range], as: UTF8.self) : text.string(node.range)
  }

  private func inline(_ node: MarkdownNode) -> MarkdownInline {
    switch node.kind {
    case .text: .text(string(node))
    case .code: .code(String(decoding: text.slice(node.range).map { $0 == 0x0A ? 0x20 : $0 }, as: UTF8.self))
    case .html: .html(string(node))
    case .softBreak: .softBreak
    case .hardBreak: .hardBreak
    case .footnote: .footnote(string(node))
    case .startEmphasis: .start(.emphasis)
    case .endEmphasis: .end(.emphasis)
    case .startStrong: .start(.strong)
    case .endStrong: .end(.strong)
    case .startStrikethrough: .start(.strikethrough)
    case .endStrikethrough: .end(.strikethrough)
    case .startLink: .start(link(node))
    case .endLink: .end(link(node))
    case .startImage: .start(image(node))
    case .endImage: .end(image(node))
    }
  }

  private func target(_ node: MarkdownNode) -> (String, String) {
    let target = targets[Int(node.target)]
    return (
      String(decoding: own[target.destination], as: UTF8.self), String(decoding: own[target.title], as: UTF8.self)
    )
  }

  private func link(_ node: MarkdownNode) -> MarkdownInline.Style {
    let (destination, title) = target(node)
    return .link(destination: destination, title: title)
  }

  private func image(_ node: MarkdownNode) -> MarkdownInline.Style {
    let (source, title) = target(node)
    return .image(source: source, title: title)
  }
}
