import DataFormats

/// Reads the cells of an OpenDocument spreadsheet (OpenDocument 1.3, part 3, 9); of formulas, what they came to last.
///
/// All sheets stand in one part, so they are read once and kept.
final class ODSReader: Workbook {
  private(set) var sheets: [WorkbookSheet] = []
  private var rows: [[Rows]] = []
  private var styles = ODFStyles()
  private let parts: DocumentParts

  /// A row with values, as often as it stands there.
  private struct Rows {
    let first: Int
    let count: Int
    let cells: [SheetValue]
  }

  /// Throws `DataFault` where a part is at fault.
  init(_ parts: DocumentParts) throws {
    self.parts = parts
    let isThere = try parts.read("content.xml", atMost: parts.limits.sheetBytes) { reader in
      try reader.root { element in
        switch element.fullName {
        case "office:automatic-styles": try styles.read(reader)
        case "office:body":
          try reader.children { _ in
            try reader.children { if $0.fullName == "table:table" { try readSheet($0, reader) } }
          }
        default: return
        }
      }
    }
    guard isThere else { throw DataFault(.malformed, "the workbook has no part with its sheets (content.xml)") }
  }

  func rows(of sheet: Int, _ take: (Int, [SheetValue]) throws -> Void) throws {
    for row in rows[sheet] {
      for number in row.first..<row.first + row.count {
        // A row that is repeated is work each time.
        if number > row.first { for _ in row.cells { try parts.weigh() } }
        try take(number, row.cells)
      }
    }
  }

  private func readSheet(_ element: PartElement, _ reader: PartReader) throws {
    let isHidden = styles.isHidden("table", element["table:style-name"])
    sheets.append(WorkbookSheet(name: element["table:name"] ?? "", isHidden: isHidden))
    var found: [Rows] = []
    var next = 0
    try readRows(reader, &found, &next)
    rows.append(found)
  }

  private func readRows(_ reader: PartReader, _ found: inout [Rows], _ next: inout Int) throws {
    try reader.children { element in
      switch element.fullName {
      case "table:table-header-rows", "table:table-rows", "table:table-row-group":
        try readRows(reader, &found, &next)
      case "table:table-row":
        let count = element.count("table:number-rows-repeated", atMost: parts.limits.rows)
        let cells = try readCells(reader)
        if !cells.isEmpty {
          guard next + count <= parts.limits.rows else {
            throw DataFault(.tooLarge, "the sheet has more than \(parts.limits.rows) rows")
          }
          found.append(Rows(first: next, count: count, cells: cells))
        }
        next = min(next + count, parts.limits.rows)
      default: return
      }
    }
  }

  private func readCells(_ reader: PartReader) throws -> [SheetValue] {
    var cells: [SheetValue] = []
    var next = 0
    try reader.children { element in
      guard element.fullName == "table:table-cell" || element.fullName == "table:covered-table-cell" else { return }
      let count = element.count("table:number-columns-repeated", atMost: parts.limits.columns)
      let value = try ODSCell.read(element, reader)
      if !value.isEmpty {
        guard next + count <= parts.limits.columns else {
          throw DataFault(.tooLarge, "the sheet has more than \(parts.limits.columns) columns")
        }
        while cells.count < next { cells.append(.empty) }
        for _ in 0..<count {
          try parts.weigh()
          cells.append(value)
        }
      }
      next = min(next + count, parts.limits.columns)
    }
    return cells
  }
}
