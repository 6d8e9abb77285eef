/// A document of sheets, whose rows are read as often as they are asked for.
package protocol Workbook {
  /// In the order of the document.
  var sheets: [WorkbookSheet] { get }

  /// Calls `take` for each row of a sheet with a value in it, by its number from 0 and its cells up to the last value.
  ///
  /// Throws `DataFault` where a part is at fault, and what `take` throws.
  func rows(of sheet: Int, _ take: (Int, [SheetValue]) throws -> Void) throws
}

/// What a workbook says of a sheet.
package struct WorkbookSheet: Sendable {
  package let name: String
  package let isHidden: Bool
}
