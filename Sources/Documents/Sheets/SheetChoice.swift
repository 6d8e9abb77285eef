import DataFormats

/// Which sheets of a workbook are asked for.
package enum SheetChoice: Sendable, Equatable {
  /// All that are not hidden.
  case all
  /// By its number from 1, hidden ones counted, or by its name.
  case one(String)

  /// The places of the sheets; throws `DataFault` where there is none of them.
  package func places(in workbook: some Workbook, hidden: Bool) throws -> [Int] {
    let sheets = workbook.sheets
    switch self {
    case .all:
      let shown = sheets.indices.filter { hidden || !sheets[$0].isHidden }
      return shown.isEmpty ? Array(sheets.indices) : shown
    case .one(let text):
      if let place = sheets.firstIndex(where: { $0.name == text }) { return [place] }
      if let number = Int(text), sheets.indices.contains(number - 1) { return [number - 1] }
      throw DataFault(.unsupported, "the workbook has no sheet \(text); it has \(Self.list(sheets))")
    }
  }

  private static func list(_ sheets: [WorkbookSheet]) -> String {
    let names = sheets.prefix(10).map { "‘\(String($0.name.prefix(40)))’" }.joined(separator: ", ")
    return sheets.count > 10 ? names + " and \(sheets.count - 10) more" : names.isEmpty ? "none" : names
  }
}
