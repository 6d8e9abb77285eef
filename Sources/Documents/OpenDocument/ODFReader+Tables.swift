/// Tables.
extension ODFReader {
  /// How often a row or a cell that says to be repeated is.
  private static let mostRepeated = 100

  mutating func readTable(_ reader: PartReader) throws {
    var table = DocumentTable()
    try readRows(reader, &table, isHead: false)
    page.put(blocks: table.html)
  }

  private mutating func readRows(_ reader: PartReader, _ table: inout DocumentTable, isHead: Bool) throws {
    try reader.children { element in
      switch element.fullName {
      case "table:table-header-rows": try readRows(reader, &table, isHead: true)
      case "table:table-rows", "table:table-row-group": try readRows(reader, &table, isHead: isHead)
      case "table:table-row":
        if isHead, table.rows.isEmpty { table.hasHead = true }
        table.startRow()
        try readCells(reader, &table)
      default: return
      }
    }
  }

  private mutating func readCells(_ reader: PartReader, _ table: inout DocumentTable) throws {
    try reader.children { element in
      let repeated = element.count("table:number-columns-repeated", atMost: Self.mostRepeated)
      switch element.fullName {
      case "table:table-cell":
        let html = try readApart(isCell: true) { try $0.readBlocks(reader) }
        let columns = element.count("table:number-columns-spanned", atMost: 1000)
        let rows = element.count("table:number-rows-spanned", atMost: 1000)
        table.add(.init(html: html, columns: columns, rows: rows))
        for _ in 1..<repeated { table.add(.init(columns: columns, rows: rows)) }
      case "table:covered-table-cell": table.skip(columns: repeated)
      default: return
      }
    }
  }
}
