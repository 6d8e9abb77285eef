/// Writes a table of what it is told: a row of each object of an array, or one of a single object or value.
///
/// Rows end with CRLF (RFC 4180 section 2). Arrays and objects inside a row are JSON, null and what is missing are
/// empty, of members of one name the last counts. The columns are those that a `CSVHeader` has found before.
package struct CSVDocumentWriter: DataWriter {
  private let drain: ByteDrain
  private let dialect: CSVDialect
  private let limits: DataLimits
  private var header: CSVHeader
  private let cells: CSVCellText
  private var hasHeader: Bool
  private var isFirstRow: Bool
  /// The fields of a row as they are written, in the order in which they come.
  private let row = TextMemory()
  /// Where in `row` the field of each column is.
  private var places: [(start: Int, count: Int)]
  private var column = 0
  private var depth = 0
  private var rowDepth = 1
  private var nested: CSVNestedValue

  package init(
    _ drain: ByteDrain, _ header: CSVHeader, dialect: CSVDialect = CSVDialect(), writesHeader: Bool = true,
    limits: DataLimits = DataLimits()
  ) {
    self.drain = drain
    self.header = header
    self.dialect = dialect
    self.limits = limits
    hasHeader = !writesHeader
    isFirstRow = !writesHeader
    cells = CSVCellText(dialect, isOnly: header.names.count == 1)
    places = Array(repeating: (0, 0), count: header.names.count)
    nested = CSVNestedValue(limits)
  }

  package mutating func startObject() throws {
    if depth >= rowDepth { return try startNested { try $0.startObject() } }
    if depth == 0 { rowDepth = 1 }
    depth += 1
    if depth == rowDepth { try startRow() }
  }

  package mutating func endObject() throws {
    if depth > rowDepth { return try endNested { try $0.endObject() } }
    depth -= 1
    try endRow()
  }

  package mutating func startArray() throws {
    if depth >= rowDepth && depth > 0 { return try startNested { try $0.startArray() } }
    depth += 1
    rowDepth = 2
  }

  package mutating func endArray() throws {
    if depth > rowDepth { return try endNested { try $0.endArray() } }
    depth -= 1
  }

  package mutating func name(_ name: String) throws {
    var name = name
    try name.withUTF8 { try self.name(utf8: UnsafeRawBufferPointer($0)) }
  }

  package mutating func name(utf8: UnsafeRawBufferPointer) throws {
    if depth > rowDepth { return try nested.writer.name(utf8: utf8) }
    column = header.place(of: utf8) ?? places.count
  }

  package mutating func string(utf8: UnsafeRawBufferPointer) throws {
    if depth > rowDepth { return try nested.writer.string(utf8: utf8) }
    try put(utf8)
  }

  package mutating func number(ascii: UnsafeRawBufferPointer) throws {
    if depth > rowDepth { return try nested.writer.number(ascii: ascii) }
    try put(ascii)
  }

  package mutating func scalar(_ value: DataScalar) throws {
    if depth > rowDepth { return try nested.writer.scalar(value) }
    var text =
      switch value {
      case .null: ""
      case .bool(let isTrue): isTrue ? "true" : "false"
      case .infinity(let isNegative): isNegative ? "-inf" : "inf"
      case .notANumber: "nan"
      case .number(let text), .string(let text), .moment(let text): text
      }
    try text.withUTF8 { try put(UnsafeRawBufferPointer($0)) }
  }

  package mutating func finish() throws {}

  private mutating func startRow() throws {
    if !hasHeader {
      hasHeader = true
      try writeHeader()
    }
    row.removeAll()
    header.startRow()
    for place in places.indices { places[place] = (0, 0) }
  }

  private func writeHeader() throws {
    let line = TextMemory()
    for (number, name) in header.names.enumerated() {
      if number > 0 { line.append(dialect.delimiter) }
      try name.withUnsafeBytes { try cells.append($0, to: line, isFirstRow: true) }
    }
    try drain.put(line.bytes)
    try endLine()
  }

  @inline(__always)
  private mutating func put(_ text: UnsafeRawBufferPointer) throws {
    guard depth > 0 else { return try putOnly(text) }
    guard column < places.count else { throw misuse() }
    let start = row.count
    guard start + text.count <= limits.token else {
      throw DataFault(.tooLarge, "a row has more than \(limits.token >> 20) MB")
    }
    try cells.append(text, to: row, isFirstRow: isFirstRow)
    places[column] = (start, row.count - start)
  }

  /// A document that is a single value.
  private mutating func putOnly(_ text: UnsafeRawBufferPointer) throws {
    try startObject()
    try name(CSVHeader.valueColumn)
    try put(text)
    try endObject()
  }

  private mutating func endRow() throws {
    for (number, place) in places.enumerated() {
      if number > 0 { try drain.put(dialect.delimiter) }
      try drain.put(row.part(from: place.start, count: place.count))
    }
    if places.count == 1 && places[0].count == 0 { try putEmpty() }
    isFirstRow = false
    try endLine()
  }

  /// A row of one empty field, which without quotes would be none.
  private func putEmpty() throws {
    let line = TextMemory()
    try cells.append(UnsafeRawBufferPointer(start: nil, count: 0), to: line)
    try drain.put(line.bytes)
  }

  private func endLine() throws {
    try drain.put(0x0D)
    try drain.put(0x0A)
  }

  private mutating func startNested(_ tell: (inout JSONDocumentWriter) throws -> Void) throws {
    if depth == rowDepth { nested.begin() }
    depth += 1
    try tell(&nested.writer)
  }

  private mutating func endNested(_ tell: (inout JSONDocumentWriter) throws -> Void) throws {
    depth -= 1
    try tell(&nested.writer)
    if depth == rowDepth { try put(nested.finished()) }
  }

  private func misuse() -> DataFault { DataFault(.malformed, "a column was not there when the header was made") }
}
