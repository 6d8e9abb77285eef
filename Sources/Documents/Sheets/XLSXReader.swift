import DataFormats

/// Reads the cells of a workbook (ISO/IEC 29500-1, SpreadsheetML); of formulas, what they came to last.
final class XLSXReader: Workbook {
  let sheets: [WorkbookSheet]
  private let places: [String]
  private let parts: DocumentParts
  private let styles: XLSXStyles
  private let isFrom1904: Bool
  private var strings: [String] = []

  /// Throws `DataFault` where a part is at fault.
  init(_ parts: DocumentParts) throws {
    self.parts = parts
    let main = try Relationships(of: "", in: parts).part("officeDocument") ?? "xl/workbook.xml"
    let relations = try Relationships(of: main, in: parts)
    var sheets: [WorkbookSheet] = []
    var places: [String] = []
    var isFrom1904 = false
    let isThere = try parts.read(main) { reader in
      try reader.root { element in
        if element.name == "workbookPr" {
          isFrom1904 = element.flag("date1904") ?? false
        }
        guard element.name == "sheets" else { return }
        try reader.children { element in
          guard element.name == "sheet" else { return }
          let target = relations[element[prefixed: "id"]]
          guard target.map({ $0.kind == "worksheet" }) ?? true else { return }
          let state = element["state"] ?? "visible"
          sheets.append(WorkbookSheet(name: element["name"] ?? "", isHidden: state != "visible"))
          places.append(target?.place ?? "xl/worksheets/sheet\(sheets.count).xml")
        }
      }
    }
    guard isThere else { throw DataFault(.malformed, "the workbook has no part that names its sheets (\(main))") }
    (self.sheets, self.places, self.isFrom1904) = (sheets, places, isFrom1904)
    styles = try XLSXStyles(parts, relations.part("styles") ?? "xl/styles.xml")
    try readStrings(relations.part("sharedStrings") ?? "xl/sharedStrings.xml")
  }

  private func readStrings(_ name: String) throws {
    try parts.read(name) { reader in
      try reader.root { if $0.name == "si" { strings.append(try XLSXText.read(reader)) } }
    }
  }

  func rows(of sheet: Int, _ take: (Int, [SheetValue]) throws -> Void) throws {
    var next = 0
    try parts.read(places[sheet], atMost: parts.limits.sheetBytes) { reader in
      try reader.root { element in
        guard element.name == "sheetData" else { return }
        try reader.children { element in
          guard element.name == "row" else { return }
          // Rows that are out of order follow those before them.
          let number = max(next, (element.number("r") ?? 0) - 1)
          guard number < parts.limits.rows else {
            throw DataFault(.tooLarge, "the sheet has more than \(parts.limits.rows) rows")
          }
          let cells = try readRow(reader)
          next = number + 1
          if !cells.isEmpty { try take(number, cells) }
        }
      }
    }
  }

  private func readRow(_ reader: PartReader) throws -> [SheetValue] {
    var cells: [SheetValue] = []
    var next = 0
    try reader.children { element in
      guard element.name == "c" else { return }
      let column = element["r"].flatMap(CellReference.column) ?? next
      guard column < parts.limits.columns else {
        throw DataFault(.tooLarge, "the sheet has more than \(parts.limits.columns) columns")
      }
      next = column + 1
      let value = try readCell(element, reader)
      guard !value.isEmpty else { return }
      while cells.count <= column { cells.append(.empty) }
      cells[column] = value
    }
    return cells
  }

  private func readCell(_ cell: PartElement, _ reader: PartReader) throws -> SheetValue {
    var value: String?
    var inline = ""
    try reader.children { element in
      if element.name == "v" { value = try reader.text() }
      if element.name == "is" { inline = try XLSXText.read(reader) }
    }
    let type = cell["t"] ?? "n"
    if type == "inlineStr" { return .text(value ?? inline) }
    guard let value else { return .empty }
    switch type {
    case "s": return Int(value).flatMap { strings.indices.contains($0) ? .text(strings[$0]) : nil } ?? .empty
    case "str": return .text(XLSXText.plain(value))
    case "b": return .bool(value == "1" || value == "true")
    case "e": return .error(value)
    case "d": return .moment(value)
    default: return number(value, styles.kind(of: cell.number("s")))
    }
  }

  private func number(_ text: String, _ kind: NumberFormat) -> SheetValue {
    if kind != .number, let serial = Double(text),
      let moment = SerialDate.text(of: serial, kind, isFrom1904: isFrom1904)
    {
      return .moment(moment)
    }
    return NumberText.exact(text).map { .number($0) } ?? (text.isEmpty ? .empty : .text(text))
  }
}
