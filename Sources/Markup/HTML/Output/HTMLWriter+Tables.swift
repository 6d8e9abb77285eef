import Basics

/// Tables.
extension HTMLWriter {
  /// How many empty cells one that spans several columns may stand for.
  private static let mostSpan = 100

  private struct Row {
    var cells: [[UInt8]] = []
    var alignments: [String] = []
  }

  mutating func writeTable(_ place: Int) throws {
    guard cells == 0 else {
      try visitChildren(place)
      inlines.space()
      return
    }
    let rows = self.rows(of: place)
    guard isData(rows) else {
      try visitChildren(place)
      flush()
      return
    }
    for child in document.children(of: place) where document.nodes[child].name == "caption" {
      try visitChildren(child)
      flush()
    }
    var written: [Row] = []
    var open: [Int: Int] = [:]
    for row in rows { written.append(try read(row, below: &open)) }
    put(written)
  }

  /// The rows of a table itself, not those of tables in it.
  private func rows(of table: Int) -> [Int] {
    var rows: [Int] = []
    for child in document.children(of: table) {
      let name = document.nodes[child].name
      if name == "tr" {
        rows.append(child)
      } else if ["tbody", "thead", "tfoot"].contains(name) {
        rows += document.children(of: child).filter { document.nodes[$0].name == "tr" }
      }
    }
    return rows
  }

  private func cells(of row: Int) -> [Int] {
    document.children(of: row).filter { ["td", "th"].contains(document.nodes[$0].name) }
  }

  private static let blocks: Set<String> = HTMLElements.headings.union(["table", "ul", "ol", "pre", "blockquote", "hr"])

  /// Whether a table holds data in rows of several cells, and is not there to lay a page out.
  private func isData(_ rows: [Int]) -> Bool {
    var isWide = false
    for row in rows {
      let cells = cells(of: row)
      if cells.count > 1 { isWide = true }
      for cell in cells {
        var hasBlocks = false
        document.walk(cell) { node in
          hasBlocks = hasBlocks || Self.blocks.contains(node.name)
          return !hasBlocks
        }
        if hasBlocks { return false }
      }
    }
    return isWide || rows.contains { row in cells(of: row).contains { document.nodes[$0].name == "th" } }
  }

  /// Reads a row; `open` has, for each column, in how many rows more a cell above stands.
  private mutating func read(_ row: Int, below open: inout [Int: Int]) throws -> Row {
    var read = Row()
    for cell in cells(of: row) {
      while putSpanned(&read, &open) {}
      let (node, column) = (document.nodes[cell], read.cells.count)
      cells += 1
      try visitChildren(cell)
      read.cells.append(text(inlines.take(), .cell))
      cells -= 1
      read.alignments.append(alignment(of: node))
      let span = min(Int(node["colspan"] ?? "") ?? 1, Self.mostSpan)
      for _ in 1..<max(1, min(span, spannedCells)) {
        spannedCells -= 1
        read.cells.append([])
        read.alignments.append("")
      }
      guard let rows = node["rowspan"].flatMap({ Int($0) }), rows > 1 else { continue }
      for spanned in column..<read.cells.count { open[spanned] = min(rows, Self.mostSpan) - 1 }
    }
    while putSpanned(&read, &open) {}
    return read
  }

  /// Puts an empty cell where one of a row above stands; false where none does.
  private mutating func putSpanned(_ row: inout Row, _ open: inout [Int: Int]) -> Bool {
    let column = row.cells.count
    guard let rows = open[column], spannedCells > 0 else { return false }
    spannedCells -= 1
    open[column] = rows > 1 ? rows - 1 : nil
    row.cells.append([])
    row.alignments.append("")
    return true
  }

  private func alignment(of node: HTMLNode) -> String {
    if let align = node["align"] { return align.lowercased() }
    guard let style = node["style"]?.lowercased().filter({ $0 != " " }) else { return "" }
    return ["left", "center", "right"].first { style.contains("text-align:" + $0) } ?? ""
  }

  private mutating func put(_ rows: [Row]) {
    let rows = rows.filter { !$0.cells.isEmpty }
    guard var head = rows.first else { return }
    separate()
    if isPlain {
      for row in rows { putPlain(row) }
    } else {
      let width = rows.reduce(0) { max($0, $1.cells.count) }
      while head.cells.count < width { head.cells.append([]) }
      put(head)
      layout.put("|")
      for column in 0..<width {
        layout.put(" \(delimiter(column < head.alignments.count ? head.alignments[column] : "")) |")
      }
      for row in rows.dropFirst() {
        layout.line()
        put(row)
      }
    }
    layout.line()
    lastList = nil
  }

  private mutating func put(_ row: Row) {
    layout.put("|")
    for cell in row.cells {
      layout.put(" ")
      layout.put(cell)
      layout.put(cell.isEmpty ? "|" : " |")
    }
    layout.line()
  }

  private mutating func putPlain(_ row: Row) {
    for (index, cell) in row.cells.enumerated() {
      if index > 0 { layout.put("\t") }
      layout.put(cell)
    }
    layout.line()
  }

  private func delimiter(_ alignment: String) -> String {
    switch alignment {
    case "left": ":--"
    case "center": ":-:"
    case "right": "--:"
    default: "---"
    }
  }
}
