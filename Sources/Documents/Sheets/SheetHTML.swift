import DataFormats

/// Writes the sheets of a workbook as HTML, each as a heading and a table.
///
/// Rows and columns without values before the table and between its rows are left out.
enum SheetHTML {
  static func blocks(of workbook: some Workbook, sheets: [Int], limit: Int) throws -> [UInt8] {
    var page: [UInt8] = []
    for sheet in sheets {
      page.put("<h2>" as StaticString)
      page.put(escaping: workbook.sheets[sheet].name)
      page.put("</h2>\n" as StaticString)
      let area = try SheetArea(workbook, sheet)
      guard !area.isEmpty else { continue }
      page.put("<table>\n" as StaticString)
      var isFirst = true
      try workbook.rows(of: sheet) { _, cells in
        try put(cells, area, name: isFirst ? "th" : "td", &page, limit)
        isFirst = false
      }
      page.put("</table>\n" as StaticString)
    }
    return page
  }

  private static func put(_ cells: [SheetValue], _ area: SheetArea, name: String, _ page: inout [UInt8], _ limit: Int)
    throws
  {
    page.put("<tr>" as StaticString)
    for column in area.firstColumn..<area.endColumn {
      guard page.count <= limit else {
        throw DataFault(.tooLarge, "the sheets make more than \(limit) bytes of text")
      }
      page.put("<\(name)>")
      if column < cells.count { put(cells[column].text, &page) }
      page.put("</\(name)>")
    }
    page.put("</tr>\n" as StaticString)
  }

  /// A table of text alone, whose rows all get as many cells as the widest has; the first row is its head where it has one.
  ///
  /// Throws `DataFault` where it makes more than `limit` bytes, and what the reader throws.
  static func table(_ reader: CSVDocumentReader, _ feed: ByteFeed, limit: Int) throws -> [UInt8] {
    var width = 0
    feed.rewind()
    try reader.eachRow(of: feed) { width = max(width, $0.count) }
    feed.rewind()
    var page: [UInt8] = []
    page.put("<table>\n" as StaticString)
    var isHead = reader.hasHeader
    try reader.eachRow(of: feed) { row in
      let name = isHead ? "th" : "td"
      isHead = false
      page.put("<tr>" as StaticString)
      for column in 0..<width {
        guard page.count <= limit else {
          throw DataFault(.tooLarge, "the table makes more than \(limit) bytes of text")
        }
        page.put("<\(name)>")
        if column < row.count { put(row[column], &page) }
        page.put("</\(name)>")
      }
      page.put("</tr>\n" as StaticString)
    }
    page.put("</table>\n" as StaticString)
    return page
  }

  private static func put(_ text: String, _ page: inout [UInt8]) {
    var isFirst = true
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if !isFirst { page.put("<br />" as StaticString) }
      page.put(escaping: String(line))
      isFirst = false
    }
  }
}
