package import DataFormats

/// Workbooks as data.
extension DocumentReader {
  /// Writes one sheet as a table of text, the first that is not hidden without a choice, and flushes the drain.
  ///
  /// Throws as `blocks` does, and what the drain throws.
  package func writeSheet(
    _ choice: SheetChoice?, _ dialect: CSVDialect, showsHidden: Bool = false, to drain: ByteDrain
  ) throws {
    let workbook = try workbook()
    if let sheet = try (choice ?? .all).places(in: workbook, hidden: showsHidden).first {
      try SheetCSV.write(workbook, sheet, dialect: dialect, to: drain)
    }
    try drain.flush()
  }

  /// Gives each sheet that is not hidden, with what writes it as a table of text and flushes the drain.
  ///
  /// Throws as `writeSheet` does, and what `take` throws.
  package func eachSheet(
    showsHidden: Bool = false, _ take: (WorkbookSheet, (CSVDialect, ByteDrain) throws -> Void) throws -> Void
  ) throws {
    let workbook = try workbook()
    for sheet in try SheetChoice.all.places(in: workbook, hidden: showsHidden) {
      try take(workbook.sheets[sheet]) { dialect, drain in
        try SheetCSV.write(workbook, sheet, dialect: dialect, to: drain)
        try drain.flush()
      }
    }
  }

  /// Tells one sheet as an array of rows, the first that is not hidden without a choice, or all of them as an object by
  /// their names.
  ///
  /// With a header, the first row names the members of the others; else rows are arrays. Throws as `blocks` does, and
  /// what the sink throws.
  package func tellSheets(
    _ choice: SheetChoice?, hasHeader: Bool, showsHidden: Bool = false, to sink: inout some DataSink
  ) throws {
    let workbook = try workbook()
    let places = try (choice ?? .all).places(in: workbook, hidden: showsHidden)
    if choice == .all {
      try SheetJSON.tell(workbook, sheets: places, hasHeader: hasHeader, to: &sink)
    } else if let sheet = places.first {
      try SheetJSON.tell(workbook, sheet, hasHeader: hasHeader, to: &sink)
    } else {
      try sink.startArray()
      try sink.endArray()
    }
  }
}
