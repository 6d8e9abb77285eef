import Basics
package import DataFormats

/// Writes a workbook (ISO/IEC 29500-1, SpreadsheetML) sheet by sheet, as the parts of a package.
///
/// Numbers, booleans and dates are what they are; a number that a spreadsheet would round stays text.
package struct WorkbookWriter {
  /// How many letters a cell may hold, and a sheet's name; what spreadsheets bear.
  private static let most = (letters: 32_767, name: 31)
  private static let bounds = DocumentLimits()

  /// Keeps texts that look like dates as texts.
  private let keepsTexts: Bool
  private var names: [String] = []
  private var sheets: [[UInt8]] = []
  private var row = 0

  package init(keepsTexts: Bool = false) { self.keepsTexts = keepsTexts }

  /// Begins a sheet; what may not be in its name is left out of it.
  package mutating func startSheet(_ name: String) {
    let allowed = name.filter { !"[]:*?/\\".contains($0) && $0.unicodeScalars.allSatisfy(WorkbookWriter.isPlain) }
    var base = String(allowed.prefix(Self.most.name))
    while base.utf16.count > Self.most.name { base.removeLast() }
    if base.isEmpty || base.allSatisfy({ $0 == "'" }) { base = "Sheet\(names.count + 1)" }
    var unique = base
    var number = names.count + 1
    while names.contains(where: { $0.lowercased() == unique.lowercased() }) {
      let end = " \(number)"
      unique = String(base.prefix(20)) + end
      number += 1
    }
    names.append(unique)
    sheets.append([])
    row = 0
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x20 && scalar.value & 0xFFFE != 0xFFFE
  }

  /// Adds a row to the sheet that has begun last.
  ///
  /// Throws `DataFault` for what goes beyond a sheet.
  package mutating func addRow(_ cells: [DataScalar]) throws {
    if sheets.isEmpty { startSheet("Sheet1") }
    row += 1
    guard row <= Self.bounds.rows, cells.count <= Self.bounds.columns else {
      throw DataFault(
        .unsupported,
        "a sheet has at most \(Self.bounds.rows) rows and \(Self.bounds.columns) columns, and there are more")
    }
    let sheet = sheets.count - 1
    sheets[sheet].put("<row r=\"\(row)\">")
    for (column, value) in cells.enumerated() {
      let place = CellReference.name(ofColumn: column) + String(row)
      try Self.put(value, place, keepsTexts, &sheets[sheet])
    }
    sheets[sheet].put("</row>\n" as StaticString)
  }

  private static func put(_ value: DataScalar, _ place: String, _ keepsTexts: Bool, _ xml: inout [UInt8]) throws {
    switch value {
    case .null: return
    case .bool(let isTrue): xml.put("<c r=\"\(place)\" t=\"b\"><v>\(isTrue ? 1 : 0)</v></c>")
    case .number(let text):
      guard isExact(text) else { return try putText(text, place, &xml) }
      xml.put("<c r=\"\(place)\"><v>\(text)</v></c>")
    case .infinity(let isNegative): try putText(isNegative ? "-inf" : "inf", place, &xml)
    case .notANumber: try putText("nan", place, &xml)
    case .string(let text), .moment(let text):
      guard !keepsTexts, let (days, kind) = SerialDate.serial(ofISO: text) else {
        return try putText(text, place, &xml)
      }
      xml.put("<c r=\"\(place)\" s=\"\(kind == .date ? 1 : 2)\"><v>\(NumberText.exact(days))</v></c>")
    }
  }

  /// Spreadsheets keep 15 digits.
  private static func isExact(_ text: String) -> Bool {
    let digits = text.utf8.prefix { $0 != UInt8(ascii: "e") && $0 != UInt8(ascii: "E") }
      .filter { (0x30...0x39).contains($0) }
    return digits.count <= 15 && (Double(text)?.isFinite ?? false)
      || text.utf8.contains(UInt8(ascii: ".")) && (Double(text)?.isFinite ?? false)
  }

  private static func putText(_ text: String, _ place: String, _ xml: inout [UInt8]) throws {
    if text.isEmpty { return }
    guard text.utf8.count <= most.letters || text.utf16.count <= most.letters else {
      throw DataFault(
        .unsupported, "a cell of a sheet has at most \(most.letters) letters; \(place) would have more")
    }
    xml.put("<c r=\"\(place)\" t=\"inlineStr\"><is><t xml:space=\"preserve\">")
    xml.put(cell: text)
    xml.put("</t></is></c>" as StaticString)
  }

  /// The parts of the package in the order in which they are to be written.
  package consuming func finish() -> [(name: String, bytes: [UInt8])] {
    if sheets.isEmpty { startSheet("Sheet1") }
    var parts = WorkbookFrame.parts(names)
    for (index, rows) in sheets.enumerated() {
      parts.append(("xl/worksheets/sheet\(index + 1).xml", WorkbookFrame.sheet(rows)))
    }
    return parts
  }
}

extension [UInt8] {
  /// Appends the text of a cell; what XML has no character for is written as its code (22.9.2.19).
  fileprivate mutating func put(cell text: String) {
    guard
      text.unicodeScalars.contains(where: { $0.value < 0x20 && $0.value != 0x0A && $0.value != 0x09 })
        || text.contains("_x") || text.unicodeScalars.contains(where: { $0.value & 0xFFFE == 0xFFFE })
    else { return put(escaping: text) }
    for scalar in text.replacing("_x", with: "_x005F_x").unicodeScalars {
      if scalar.value < 0x20 && scalar.value != 0x0A && scalar.value != 0x09 || scalar.value == 0xFFFE
        || scalar.value == 0xFFFF
      {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        put("_x" + String(repeating: "0", count: 4 - digits.utf8.count) + digits + "_")
      } else {
        put(escaping: String(scalar))
      }
    }
  }
}
