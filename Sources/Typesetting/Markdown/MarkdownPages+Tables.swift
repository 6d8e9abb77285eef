import DataFormats
import Formats
import Markup

extension MarkdownPages {
  private static let leastScale = 0.5

  /// Sets a table; where its words have no room beside each other, in smaller letters.
  mutating func setTable(_ place: Int, in column: TextColumn) throws {
    let rows = document.children(of: place).map { (document.blocks[$0].isHead, document.children(of: $0)) }
    let count = rows.map(\.1.count).max() ?? 0
    guard count > 0 else { return }
    if !markers.isEmpty { try set(StyledText(), in: column) }
    let size = size * 0.93
    var columns = ColumnWidths(columns: count)
    for row in rows {
      for (index, cell) in row.1.enumerated() { columns.add(try text(of: cell, isHead: row.0, size), column: index) }
    }
    let scale = columns.scale(column.width, least: Self.leastScale)
    guard let widths = columns.widths(column.width, scale: scale, size: size) else {
      throw DataFault(
        .unsupported, "a table of \(count) columns has no room on the page", line: Int(document.blocks[place].line))
    }
    let first = rows.first?.1 ?? []
    var table = TableSetter(
      flow, column, widths: widths, alignments: first.map { alignment(of: document.blocks[$0]) },
      LineStyle(leading: size * scale * 1.35, size: size * scale), padding: ColumnWidths.padding * scale)
    for (isHead, cells) in rows {
      var texts: [StyledText] = []
      for cell in cells { texts.append(try text(of: cell, isHead: isHead, size * scale)) }
      if isHead { try table.setHead(texts, ground: nextGround()) } else { try table.setRow(texts) }
    }
    try table.finish()
  }

  private func text(of cell: Int, isHead: Bool, _ size: Double) throws -> StyledText {
    var style = body
    style.size = size
    let block = document.blocks[cell]
    var reader = MarkdownText(self, block, style, isBold: isHead)
    try reader.read(document.inlines(of: block))
    return reader.text
  }

  private func alignment(of cell: MarkdownBlock) -> TableSetter.Alignment {
    switch cell.alignment {
    case .none, .left: .left
    case .center: .center
    case .right: .right
    }
  }
}
