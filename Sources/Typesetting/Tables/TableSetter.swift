import Formats

/// Sets the rows of a table whose columns have their widths; its head stands on every page.
struct TableSetter {
  enum Alignment {
    case left
    case center
    case right
  }

  private static let rule: StaticString = "0.8 G 0.5 w\n"
  private static let headRule: StaticString = "0.45 G 0.75 w\n"
  /// Rows of so many lines at most are on one page, where they can be.
  private static let mostTogether = 15

  let flow: PageFlow
  let column: TextColumn
  let widths: [Double]
  let alignments: [Alignment]
  let style: LineStyle
  let padding: Double
  private var head: [FlowBox] = []
  private var hasRows = false

  /// The widths are those of `ColumnWidths` for the room of the column.
  init(
    _ flow: PageFlow, _ column: TextColumn, widths: [Double], alignments: [Alignment], _ style: LineStyle,
    padding: Double
  ) {
    self.flow = flow
    self.column = column
    self.widths = widths
    self.alignments = alignments
    self.style = style
    self.padding = padding
  }

  private var width: Double { widths.reduce(0) { $0 + $1 + 2 * padding } }

  /// Sets the head, which is not alone on a page.
  mutating func setHead(_ cells: [StyledText], ground: Int) throws(ConversionFailure) {
    var within = column
    within.grounds.append(Ground(number: ground, x: column.left, width: width, ink: "0.95 g\n"))
    head = row(cells, within, TableSetter.headRule)
    for index in head.indices { head[index].keepsWithNext = true }
  }

  mutating func setRow(_ cells: [StyledText]) throws(ConversionFailure) {
    if !hasRows { for box in head { try flow.add(box) } }
    for box in row(cells, column, TableSetter.rule) { try flow.add(box) }
    if !hasRows, head.reduce(0, { $0 + $1.height }) < flow.pageHeight / 3 { flow.runningHead = head }
    hasRows = true
  }

  /// Ends the table.
  mutating func finish() throws(ConversionFailure) {
    if !hasRows, !head.isEmpty {
      head[head.count - 1].keepsWithNext = false
      for box in head { try flow.add(box) }
    }
    flow.runningHead = []
  }

  /// The lines of a row, each a box with what stands in it of all cells.
  private func row(_ cells: [StyledText], _ column: TextColumn, _ rule: StaticString) -> [FlowBox] {
    let lines = zip(cells, widths).map { cell, width in
      var breaker = LineBreaker(cell)
      var lines: [TextLine] = []
      while let line = breaker.next(width) { lines.append(line) }
      return lines
    }
    let count = max(1, lines.map(\.count).max() ?? 1)
    return (0..<count).map { index in
      let (isFirst, isLast) = (index == 0, index == count - 1)
      let space = padding * 0.8
      var box = FlowBox(height: style.leading + (isFirst ? space : 0) + (isLast ? space : 0), grounds: column.grounds)
      var x = column.left
      for (place, cell) in lines.enumerated() {
        if index < cell.count {
          box.draw(
            cell[index], of: cells[place], x + padding + offset(cell[index], place), style, top: isFirst ? space : 0)
        }
        x += widths[place] + 2 * padding
      }
      if isLast { box.addRule(column.left, x, -box.height, rule) }
      box.keepsWithNext = !isLast && (count <= TableSetter.mostTogether || isFirst || index == count - 2)
      return box
    }
  }

  private func offset(_ line: TextLine, _ place: Int) -> Double {
    switch place < alignments.count ? alignments[place] : .left {
    case .left: 0
    case .center: max(0, (widths[place] - line.width) / 2)
    case .right: max(0, widths[place] - line.width)
    }
  }
}

extension FlowBox {
  /// Draws a line across the box; `ink` sets its colour and width.
  mutating func addRule(_ left: Double, _ right: Double, _ y: Double, _ ink: StaticString) {
    content.append(ink)
    for (x, operation) in [(left, " m "), (right, " l S\n")] as [(Double, StaticString)] {
      PDFText.append(x, y, to: &content)
      content.append(operation)
    }
  }
}
