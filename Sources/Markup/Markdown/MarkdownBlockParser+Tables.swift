/// Tables (GFM, section 4.10).
extension MarkdownBlockParser {
  /// How many cells are added to rows that have too few, so that a wide head makes no long document.
  private static let mostAddedCells = 500_000

  /// Makes the last line of the open paragraph the head of a table where the line is a delimiter row for it.
  mutating func endAsTable(_ line: MarkdownLine) -> Bool {
    guard extensions.contains(.tables), let columns = delimiters(line) else { return false }
    let paragraph = open[open.count - 1]
    // Where definitions have been taken from the paragraph, its last line may be gone.
    guard paragraph.lastLine >= Int(blocks[paragraph.place].start) else { return false }
    let head = Array(text[paragraph.lastLine...])
    guard head.withUnsafeBufferPointer({ Self.cells(ByteView($0)) }).count == columns.count else { return false }
    let table = makeTable(of: paragraph)
    open[open.count - 1].columns = columns
    addRow(to: table, head, line: number - 1, isHead: true)
    blocks[table].endLine = Int32(number)
    return true
  }

  /// Takes the paragraph's last line away and puts an empty table in its place.
  private mutating func makeTable(of paragraph: MarkdownOpenBlock) -> Int {
    if paragraph.lastLine > Int(blocks[paragraph.place].start) {
      blocks[paragraph.place].end = Int32(paragraph.lastLine)
      blocks[paragraph.place].endLine -= 1
      add(.table)
    } else {
      blocks[paragraph.place].kind = .table
      open[open.count - 1].kind = .table
    }
    let table = open[open.count - 1].place
    blocks[table].line = Int32(number - 1)
    blocks[table].start = 0
    blocks[table].end = 0
    return table
  }

  mutating func appendRow(_ line: MarkdownLine) {
    let table = open[open.count - 1].place
    addRow(to: table, Array(source.slice(line.nonspace..<line.end)), line: number, isHead: false)
    blocks[table].endLine = Int32(number)
  }

  private mutating func addRow(to table: Int, _ row: [UInt8], line: Int, isHead: Bool) {
    let columns = open[open.count - 1].columns
    let cells = row.withUnsafeBufferPointer { Self.cells(ByteView($0)) }
    var block = MarkdownBlock(.row, line: line)
    block.isHead = isHead
    let place = link(block, into: table)
    for (column, alignment) in columns.enumerated() {
      if column >= cells.count {
        addedCells += 1
        if addedCells > Self.mostAddedCells { return }
      }
      var cell = MarkdownBlock(.cell, line: line)
      cell.isHead = isHead
      cell.alignment = alignment
      cell.start = Int32(text.count)
      if column < cells.count { appendCell(row[cells[column]]) }
      cell.end = Int32(text.count)
      _ = link(cell, into: place)
    }
  }

  /// A pipe loses its backslash before anything else is read, even in code.
  private mutating func appendCell(_ cell: ArraySlice<UInt8>) {
    for (place, byte) in zip(cell.indices, cell) {
      let isEscape = byte == UInt8(ascii: "\\") && place + 1 < cell.endIndex && cell[place + 1] == UInt8(ascii: "|")
      if !isEscape { text.append(byte) }
    }
  }

  /// Whether a line has at least one cell.
  static func isRow(_ line: MarkdownLine) -> Bool {
    guard !line.isBlank else { return false }
    return line.byte != UInt8(ascii: "|") || line.source.afterBlanks(line.nonspace + 1) < line.end
  }

  /// Where the cells of a row lie, without the blanks around their text.
  private static func cells(_ row: ByteView) -> [Range<Int>] {
    let end = row.trimmed(0..<row.count).upperBound
    var cells: [Range<Int>] = []
    var start = row.afterBlanks(0)
    if row[start] == UInt8(ascii: "|") { start = row.afterBlanks(start + 1) }
    var place = start
    while place < end {
      if row[place] == UInt8(ascii: "|"), place == 0 || row[place - 1] != UInt8(ascii: "\\") {
        cells.append(row.trimmed(start..<place))
        start = row.afterBlanks(place + 1)
        place = start
      } else {
        place += 1
      }
    }
    if start < end { cells.append(row.trimmed(start..<end)) }
    return cells
  }

  /// The alignments that a delimiter row gives, or nil where the line is none.
  private func delimiters(_ line: MarkdownLine) -> [MarkdownBlock.Alignment]? {
    var columns: [MarkdownBlock.Alignment] = []
    var place = line.nonspace
    if line[place] == UInt8(ascii: "|") { place = source.afterBlanks(place + 1) }
    while place < line.end {
      let isLeft = line[place] == UInt8(ascii: ":")
      if isLeft { place += 1 }
      guard line[place] == UInt8(ascii: "-") else { return nil }
      while line[place] == UInt8(ascii: "-") { place += 1 }
      let isRight = line[place] == UInt8(ascii: ":")
      if isRight { place += 1 }
      columns.append(isLeft ? isRight ? .center : .left : isRight ? .right : .none)
      place = source.afterBlanks(place)
      guard place < line.end else { break }
      guard line[place] == UInt8(ascii: "|") else { return nil }
      place = source.afterBlanks(place + 1)
    }
    return columns.isEmpty ? nil : columns
  }
}
