import Glibc

/// Collects the columns of a table that is to be written: every name that a row has, in the order of their first coming.
///
/// It is told the document once before it is written, so that a later row may bring a name of its own. A document that
/// is an object is one row, and one that is a single value is one row of one column.
package struct CSVHeader: DataSink {
  /// The column of a document that is a single value.
  static let valueColumn = "value"

  private let limits: DataLimits
  /// Whether only an array of objects will do.
  private let requiresRows: Bool
  private(set) var names: [[UInt8]] = []
  private var places: [ExactName: Int] = [:]
  private var depth = 0
  /// The depth of a row's members.
  private var rowDepth = 1
  private var rows = 0
  private var hint = 0

  package init(requiresRows: Bool = false, limits: DataLimits = DataLimits()) {
    self.requiresRows = requiresRows
    self.limits = limits
  }

  package mutating func startArray() throws {
    if depth == 0 { rowDepth = 2 } else if depth < rowDepth { throw noRow("an array") }
    depth += 1
  }

  package mutating func startObject() throws {
    if depth == 0 {
      if requiresRows { throw noRows("an object") }
      rowDepth = 1
    }
    depth += 1
    if depth == rowDepth {
      rows += 1
      hint = 0
    }
  }

  package mutating func endObject() throws { depth -= 1 }

  /// Throws `DataFault` where the document has no row or no column.
  package mutating func endArray() throws {
    depth -= 1
    if depth == 0 && rows == 0 { throw DataFault(.unsupported, "the list is empty, and a table has at least one row") }
  }

  package mutating func name(_ name: String) throws {
    var name = name
    try name.withUTF8 { try self.name(utf8: UnsafeRawBufferPointer($0)) }
  }

  package mutating func name(utf8: UnsafeRawBufferPointer) throws {
    guard depth == rowDepth, place(of: utf8) == nil else { return }
    guard names.count < limits.columns else {
      throw DataFault(.tooLarge, "the rows have more than \(limits.columns) different names")
    }
    places[ExactName(String(decoding: utf8, as: UTF8.self))] = names.count
    names.append(Array(utf8))
    hint = names.count
  }

  package mutating func scalar(_ value: DataScalar) throws {
    if depth == 0 {
      if requiresRows { throw noRows("a single value") }
      try startObject()
      try name(Self.valueColumn)
      try endObject()
    } else if depth < rowDepth {
      throw noRow("a single value")
    }
  }

  package mutating func string(utf8: UnsafeRawBufferPointer) throws { if depth < rowDepth { try scalar(.null) } }

  package mutating func number(ascii: UnsafeRawBufferPointer) throws { if depth < rowDepth { try scalar(.null) } }

  /// Throws `DataFault` where there is nothing to write.
  package func check() throws {
    if names.isEmpty { throw DataFault(.unsupported, "no row has a member, and a table has at least one column") }
  }

  /// The next row begins, for `place(of:)`.
  mutating func startRow() { hint = 0 }

  /// Which column a name is; rows mostly have the same names in the same order, so the next one is tried first.
  @inline(__always)
  mutating func place(of utf8: UnsafeRawBufferPointer) -> Int? {
    if hint < names.count, names[hint].count == utf8.count, isSame(names[hint], utf8) {
      hint += 1
      return hint - 1
    }
    guard let place = places[ExactName(String(decoding: utf8, as: UTF8.self))] else { return nil }
    hint = place + 1
    return place
  }

  @inline(__always)
  private func isSame(_ name: [UInt8], _ utf8: UnsafeRawBufferPointer) -> Bool {
    guard let start = utf8.baseAddress else { return true }
    return memcmp(name, start, name.count) == 0
  }

  private func noRow(_ found: String) -> DataFault {
    DataFault(.unsupported, "a table needs a list of objects, but item \(rows + 1) of the list is \(found)")
  }

  private func noRows(_ found: String) -> DataFault {
    DataFault(.unsupported, "a table needs a list of objects, but the document is \(found)")
  }
}
