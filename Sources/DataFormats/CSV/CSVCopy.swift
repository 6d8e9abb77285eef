/// Writes the rows of one dialect in another, as they stand: no row is a header here, and none too short or too long.
struct CSVCopy {
  let reader: CSVDocumentReader
  let dialect: CSVDialect

  /// Throws `DataFault` with the line, `SystemFailure`, and what the drain throws.
  func run(_ feed: ByteFeed, into drain: ByteDrain) throws {
    guard var scanner = try reader.makeScanner(feed), try scanner.next() else {
      throw DataFault(.malformed, "the file is empty, and a row was expected")
    }
    let row = TextMemory()
    let cells = CSVCellText(dialect, isOnly: false)
    let onlyCells = CSVCellText(dialect, isOnly: true)
    var isFirstRow = true
    repeat {
      row.removeAll()
      let texts = scanner.fields.count == 1 ? onlyCells : cells
      for (number, field) in scanner.fields.enumerated() {
        if number > 0 { row.append(dialect.delimiter) }
        try texts.append(scanner.text(of: field), to: row, isFirstRow: isFirstRow)
      }
      isFirstRow = false
      row.append(0x0D)
      row.append(0x0A)
      try drain.put(row.bytes)
    } while try scanner.next()
  }
}
