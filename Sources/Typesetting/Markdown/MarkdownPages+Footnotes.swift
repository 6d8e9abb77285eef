import Formats
import Markup

extension MarkdownPages {
  /// Sets the footnotes in the order in which they were referred to; one may refer to more.
  mutating func setFootnotes() throws {
    guard !footnotes.blocks.isEmpty else { return }
    let column = TextColumn(width: flow.document.style.room.x)
    var rule = FlowBox(height: size, keepsWithNext: true)
    rule.addRule(0, column.width / 4, -size / 2, "0.6 G 0.6 w\n")
    flow.need(size * 1.5)
    try flow.add(rule)
    let inner = column.indented(size * 2)
    var index = 0
    while index < footnotes.blocks.count {
      markers = [ListMarker(sign: .text(Array("\(index + 1).".utf8)), right: inner.left - size * 0.5)]
      try setChildren(of: footnotes.blocks[index], in: inner, isTight: true)
      markers.removeAll()
      index += 1
    }
  }
}
