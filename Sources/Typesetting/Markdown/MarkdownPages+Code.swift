import Formats
import Markup

extension MarkdownPages {
  private static let codeSize = 0.86
  private static let codePadding = 0.7

  /// Sets code on a ground of its own, line by line; long lines go on further right.
  mutating func setCode(_ block: MarkdownBlock, in column: TextColumn) throws {
    let size = size * Self.codeSize
    let padding = size * Self.codePadding
    var outer = column
    outer.grounds.append(Ground(number: nextGround(), x: column.left, width: column.width, ink: "0.955 g\n"))
    var inner = outer
    inner.left += padding
    inner.width -= 2 * padding
    let style = TextStyle(font: .courier, size: size)
    let lines = LineStyle(leading: size * 1.28, size: size, hang: size * 1.2)
    var edge = FlowBox(height: padding, grounds: outer.grounds, keepsWithNext: true)
    finish(&edge)
    try flow.add(edge)
    let source = document.text[block.range]
    // A fence is a line of its own.
    let isFenced = Int(block.endLine - block.line) >= source.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
    var number = Int(block.line) + (isFenced ? 1 : 0)
    var rest = source
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
      var text = StyledText()
      do {
        try text.append(String(decoding: rest[..<end], as: UTF8.self).unicodeScalars, style)
      } catch {
        throw error.at("line \(number)")
      }
      rest = end < rest.endIndex ? rest[(end + 1)...] : rest[end...]
      let isLast = rest.isEmpty
      try flow.set(text, in: inner, lines, keepsWithNext: isLast)
      number += 1
    }
    try flow.add(FlowBox(height: padding, grounds: outer.grounds))
  }
}
