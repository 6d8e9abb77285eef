/// Reads a table (RFC 4180 and its dialects) and tells it as an array of objects, row by row.
///
/// Missing fields of a row are null, and more fields than the header has are at fault, with the line. Of columns of one
/// name the last counts, in the place of the first.
package struct CSVDocumentReader: DataReader {
  /// Nil where it is looked for: `, ;` tab `|`.
  package var delimiter: UInt8?
  package var quote: UInt8?
  /// Nil where it is looked for.
  package var encoding: TextEncoding?
  /// Whether the first row names the columns; without, they are `column1` and so on.
  package var hasHeader: Bool
  /// Whether fields that look like numbers, `true` and `false` are such, and empty ones without quotes null.
  package var isTyped: Bool
  package var limits: DataLimits

  package init(
    delimiter: UInt8? = nil, quote: UInt8? = UInt8(ascii: "\""), encoding: TextEncoding? = nil, hasHeader: Bool = true,
    isTyped: Bool = false, limits: DataLimits = DataLimits()
  ) {
    self.delimiter = delimiter
    self.quote = quote
    self.encoding = encoding
    self.hasHeader = hasHeader
    self.isTyped = isTyped
    self.limits = limits
  }

  /// Throws `DataFault` with the line, `SystemFailure`, and what the sink throws.
  package func read(_ feed: ByteFeed, into sink: inout some DataSink) throws {
    guard var scanner = try makeScanner(feed), try scanner.next() else {
      throw DataFault(.malformed, "the file is empty, and a row was expected")
    }
    let columns = CSVColumns(scanner, hasHeader: hasHeader)
    guard try !hasHeader || scanner.next() else {
      throw DataFault(.malformed, "there is a header and no row behind it")
    }
    try sink.startArray()
    repeat { try tellRow(&scanner, columns, into: &sink) } while try scanner.next()
    try sink.endArray()
  }

  /// Tells every row as it stands, that of the names too, however many fields each has.
  ///
  /// Throws `DataFault` with the line, `SystemFailure`, and what `take` throws.
  package func eachRow(of feed: ByteFeed, _ take: ([String]) throws -> Void) throws {
    guard var scanner = try makeScanner(feed), try scanner.next() else {
      throw DataFault(.malformed, "the file is empty, and a row was expected")
    }
    repeat {
      try take(scanner.fields.map { String(decoding: scanner.text(of: $0), as: UTF8.self) })
    } while try scanner.next()
  }

  /// The rows of the feed as they stand, whatever its encoding; nil where there is nothing.
  func makeScanner(_ feed: ByteFeed) throws -> CSVScanner? {
    let text = try TextEncoding.decode(feed, from: encoding)
    let dialect =
      if let delimiter { CSVDialect(delimiter: delimiter, quote: quote) } else {
        try CSVDialect.find(text, quote: quote)
      }
    text.rewind()
    return try CSVScanner(text, dialect, limits: limits)
  }

  @inline(__always)
  private func tellRow(_ scanner: inout CSVScanner, _ columns: CSVColumns, into sink: inout some DataSink) throws {
    if scanner.fields.count > columns.count {
      let told = hasHeader ? "the header names \(columns.count) columns" : "the first row has \(columns.count)"
      throw try scanner.fault(.malformed, "the row has \(scanner.fields.count) fields, but \(told)")
    }
    try sink.startObject()
    for column in columns.kept {
      try sink.name(utf8: columns.name(column))
      guard column.field < scanner.fields.count else {
        try sink.scalar(.null)
        continue
      }
      let field = scanner.fields[column.field]
      let text = scanner.text(of: field)
      if isTyped { try tellTyped(text, field, into: &sink) } else { try sink.string(utf8: text) }
    }
    try sink.endObject()
  }

  private func tellTyped(_ text: UnsafeRawBufferPointer, _ field: CSVField, into sink: inout some DataSink) throws {
    if text.isEmpty && !field.isQuoted { return try sink.scalar(.null) }
    if JSONNumber.isWhole(text) { return try sink.number(ascii: text) }
    for (words, isTrue) in Self.words where words.contains(where: { text.elementsEqual($0.utf8) }) {
      return try sink.scalar(.bool(isTrue))
    }
    try sink.string(utf8: text)
  }

  private static let words: [(words: [String], isTrue: Bool)] = [
    (["true", "True", "TRUE"], true), (["false", "False", "FALSE"], false),
  ]
}
