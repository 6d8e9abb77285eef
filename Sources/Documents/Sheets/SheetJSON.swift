import DataFormats

/// Tells sheets as data: rows as objects by the names in the first row, or as arrays.
enum SheetJSON {
  /// Tells one sheet as an array of its rows; rows without a value are left out.
  static func tell(_ workbook: some Workbook, _ sheet: Int, hasHeader: Bool, to sink: inout some DataSink) throws {
    try sink.startArray()
    if hasHeader {
      try tellObjects(workbook, sheet, &sink)
    } else {
      try workbook.rows(of: sheet) { _, cells in
        try sink.startArray()
        for cell in cells { try sink.scalar(cell.scalar) }
        try sink.endArray()
      }
    }
    try sink.endArray()
  }

  private static func tellObjects(_ workbook: some Workbook, _ sheet: Int, _ sink: inout some DataSink) throws {
    let area = try SheetArea(workbook, sheet)
    guard !area.isEmpty else { return }
    let columns = area.firstColumn..<area.endColumn
    var names: [String]?
    try workbook.rows(of: sheet) { _, cells in
      guard let names else {
        names = Self.names(cells, columns)
        return
      }
      try sink.startObject()
      for (name, column) in zip(names, columns) {
        try sink.name(name)
        try sink.scalar(column < cells.count ? cells[column].scalar : .null)
      }
      try sink.endObject()
    }
  }

  /// The names in the first row, each once; a column without one has its letters.
  private static func names(_ cells: [SheetValue], _ columns: Range<Int>) -> [String] {
    var taken: Set<String> = []
    return columns.map { column in
      let text = column < cells.count ? cells[column].text : ""
      let name = text.isEmpty ? CellReference.name(ofColumn: column) : text
      var unique = name
      var number = 2
      if taken.contains(name) { number = column + 1 }
      while !taken.insert(unique).inserted {
        unique = "\(name)_\(number)"
        number += 1
      }
      return unique
    }
  }

  /// Tells several sheets as an object by their names.
  static func tell(_ workbook: some Workbook, sheets: [Int], hasHeader: Bool, to sink: inout some DataSink) throws {
    try sink.startObject()
    for sheet in sheets {
      try sink.name(workbook.sheets[sheet].name)
      try tell(workbook, sheet, hasHeader: hasHeader, to: &sink)
    }
    try sink.endObject()
  }
}

extension SheetValue {
  var scalar: DataScalar {
    switch self {
    case .empty: .null
    case .text(let text), .error(let text): .string(text)
    case .number(let text): .number(text)
    case .bool(let isTrue): .bool(isTrue)
    case .moment(let text): .moment(text)
    }
  }
}
