import DataFormats

/// Writes one sheet as CSV (RFC 4180), its rows and columns where they are in the sheet, up to the last with a value.
enum SheetCSV {
  static func write(_ workbook: some Workbook, _ sheet: Int, dialect: CSVDialect, to drain: ByteDrain) throws {
    let width = try SheetArea(workbook, sheet).endColumn
    var next = 0
    try workbook.rows(of: sheet) { number, cells in
      while next < number {
        try put([], width, dialect, drain)
        next += 1
      }
      try put(cells, width, dialect, drain)
      next += 1
    }
  }

  private static func put(_ cells: [SheetValue], _ width: Int, _ dialect: CSVDialect, _ drain: ByteDrain) throws {
    for column in 0..<width {
      if column > 0 { try drain.put(dialect.delimiter) }
      if column < cells.count { try put(cells[column].text, dialect, drain) }
    }
    try drain.put("\r\n" as StaticString)
  }

  private static func put(_ text: String, _ dialect: CSVDialect, _ drain: ByteDrain) throws {
    let isSpecial = text.utf8.contains {
      $0 == dialect.delimiter || $0 == dialect.quote || $0 == 0x0A || $0 == 0x0D
    }
    guard isSpecial else { return try drain.put(text) }
    guard let quote = dialect.quote else {
      throw DataFault(.unsupported, "a cell holds the delimiter or a line's end, which needs quotes around it")
    }
    try drain.put(quote)
    for byte in text.utf8 {
      if byte == quote { try drain.put(quote) }
      try drain.put(byte)
    }
    try drain.put(quote)
  }
}
