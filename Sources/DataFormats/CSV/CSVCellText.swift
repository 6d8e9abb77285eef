/// A field as it is written: with quotes where a reader would take it for something else without them.
struct CSVCellText {
  private let dialect: CSVDialect
  /// In a table of one column nothing tells a delimiter from a character of the text, nor an empty field from no row.
  private let isOnly: Bool

  init(_ dialect: CSVDialect, isOnly: Bool) {
    self.dialect = dialect
    self.isOnly = isOnly
  }

  /// Adds the text, which is UTF-8, to a row.
  ///
  /// In the first row no text shows a character that delimits elsewhere, or a reader might take all rows to be cut by it.
  /// Throws `DataFault` where quotes are needed and the dialect has none.
  @inline(__always)
  func append(_ text: UnsafeRawBufferPointer, to row: TextMemory, isFirstRow: Bool = false) throws {
    if needsQuotes(text, isFirst: row.count == 0, isOnly || isFirstRow) {
      try appendQuoted(text, to: row)
    } else {
      row.append(text)
    }
  }

  private func needsQuotes(_ text: UnsafeRawBufferPointer, isFirst: Bool, _ hidesCandidates: Bool) -> Bool {
    guard let start = text.assumingMemoryBound(to: UInt8.self).baseAddress, !text.isEmpty else { return isOnly }
    let (first, last) = (start[0], start[text.count - 1])
    if first == 0x20 || first == 0x09 || last == 0x20 || last == 0x09 { return true }
    // A byte order mark at the beginning of a file is none of its characters.
    if isFirst && first == 0xEF && text.starts(with: [0xEF, 0xBB, 0xBF]) { return true }
    let delimiter = ByteWord.all(dialect.delimiter)
    let quote = ByteWord.all(dialect.quote ?? dialect.delimiter)
    var at = 0
    while at < text.count {
      if text.count - at >= 8, !hidesCandidates, case let count = ByteWord(start + at).ordinary(but: delimiter, quote),
        count > 0
      {
        at += count
        continue
      }
      let byte = start[at]
      if byte == dialect.delimiter || byte == dialect.quote || byte == 0x0A || byte == 0x0D { return true }
      if hidesCandidates && CSVDialect.candidates.contains(byte) { return true }
      at += 1
    }
    return false
  }

  private func appendQuoted(_ text: UnsafeRawBufferPointer, to row: TextMemory) throws {
    guard let quote = dialect.quote else {
      throw DataFault(.unsupported, "a field has the delimiter, a line's end or a blank at its edge, and needs quotes")
    }
    row.append(quote)
    var rest = text
    while let place = rest.firstIndex(of: quote) {
      row.append(UnsafeRawBufferPointer(rebasing: rest[...place]))
      row.append(quote)
      rest = UnsafeRawBufferPointer(rebasing: rest[(place + 1)...])
    }
    row.append(rest)
    row.append(quote)
  }
}
