/// The columns of a table that is read, by the names of its first row or by their number.
struct CSVColumns {
  struct Column {
    let start: Int
    let count: Int
    /// Which field of a row it is.
    var field: Int
  }

  private let names = TextMemory()
  /// How many fields a row may have.
  let count: Int
  private(set) var kept: [Column] = []

  /// From the row that the scanner has read last.
  init(_ scanner: CSVScanner, hasHeader: Bool) {
    count = scanner.fields.count
    var places: [ExactName: Int] = [:]
    for (number, field) in scanner.fields.enumerated() {
      let name = hasHeader ? String(decoding: scanner.text(of: field), as: UTF8.self) : "column\(number + 1)"
      if let place = places[ExactName(name)] {
        kept[place].field = number
        continue
      }
      places[ExactName(name)] = kept.count
      let start = names.count
      for byte in name.utf8 { names.append(byte) }
      kept.append(Column(start: start, count: names.count - start, field: number))
    }
  }

  @inline(__always)
  func name(_ column: Column) -> UnsafeRawBufferPointer { names.part(from: column.start, count: column.count) }
}
