/// The part of a sheet that has values.
struct SheetArea {
  private(set) var firstColumn = Int.max
  /// Behind the last column.
  private(set) var endColumn = 0

  init(_ workbook: some Workbook, _ sheet: Int) throws {
    try workbook.rows(of: sheet) { _, cells in
      endColumn = max(endColumn, cells.count)
      if firstColumn > 0, let first = cells.firstIndex(where: { !$0.isEmpty }) { firstColumn = min(firstColumn, first) }
    }
  }

  var isEmpty: Bool { endColumn == 0 }
}
