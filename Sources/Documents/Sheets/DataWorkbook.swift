package import DataFormats

/// Makes a workbook of data.
///
/// An array is a sheet: of objects, with their names in the first row; of arrays, row by row; of single values, each in a
/// row. An object whose members are all arrays is a workbook of sheets by their names, any other is one row. Arrays and
/// objects in cells are written as JSON.
package struct DataWorkbook {
  package struct Options: Sendable {
    package var sheetName = "Sheet1"
    /// Whether the names of members are written as the first row.
    package var hasHeader = true
    /// Whether texts that look like numbers and dates stay texts.
    package var keepsTexts = false
    /// Whether texts that look like numbers or booleans are such, as in CSV.
    package var findsTypes = false

    package init() {}
  }

  private let options: Options
  private var writer: WorkbookWriter

  package init(_ options: Options) {
    self.options = options
    writer = WorkbookWriter(keepsTexts: options.keepsTexts)
  }

  /// The parts of a workbook of one or several values.
  ///
  /// Throws `DataFault` where a sheet would be too large.
  package static func parts(
    of values: [DataValue], _ options: Options = Options()
  ) throws -> [(name: String, bytes: [UInt8])] {
    var workbook = DataWorkbook(options)
    let value = values.count == 1 ? values[0] : .array(values)
    if case .object(let members) = value, !members.isEmpty, members.allSatisfy({ $0.value.isArray }) {
      for member in members { try workbook.add(member.value, named: member.name) }
    } else {
      try workbook.add(value, named: options.sheetName)
    }
    return workbook.writer.finish()
  }

  private mutating func add(_ value: DataValue, named name: String) throws {
    writer.startSheet(name)
    let rows = if case .array(let values) = value { values } else { [value] }
    var columns: [String: Int] = [:]
    var names: [String] = []
    for case .object(let members) in rows {
      for member in members where columns[member.name] == nil {
        columns[member.name] = names.count
        names.append(member.name)
      }
    }
    if !names.isEmpty && options.hasHeader { try writer.addRow(names.map { .string($0) }) }
    for row in rows { try add(row: row, columns) }
  }

  private mutating func add(row: DataValue, _ columns: [String: Int]) throws {
    switch row {
    case .object(let members):
      var cells: [DataScalar] = []
      for member in members {
        guard let column = columns[member.name] else { continue }
        while cells.count <= column { cells.append(.null) }
        cells[column] = try cell(member.value)
      }
      try writer.addRow(cells)
    case .array(let values): try writer.addRow(try values.map(cell))
    case .scalar: try writer.addRow([try cell(row)])
    }
  }

  private func cell(_ value: DataValue) throws -> DataScalar {
    guard case .scalar(let scalar) = value else {
      var json: [UInt8] = []
      let drain = ByteDrain { json += $0 }
      var inner = JSONDocumentWriter(drain, layout: .compact)
      try value.tell(&inner)
      try drain.flush()
      return .string(String(decoding: json, as: UTF8.self))
    }
    guard options.findsTypes, !options.keepsTexts, case .string(var text) = scalar else { return scalar }
    if text == "true" || text == "TRUE" || text == "True" { return .bool(true) }
    if text == "false" || text == "FALSE" || text == "False" { return .bool(false) }
    return text.withUTF8 { JSONNumber.isWhole(UnsafeRawBufferPointer($0)) } ? .number(text) : scalar
  }
}

extension DataValue {
  fileprivate var isArray: Bool { if case .array = self { true } else { false } }
}
