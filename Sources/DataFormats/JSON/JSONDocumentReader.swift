/// Reads exactly what RFC 8259 allows, in UTF-8, and tells each value as it comes; or JSON Lines as an array.
///
/// Numbers keep their spelling, and members of one name are all told. A byte order mark at the beginning is passed
/// over, and escapes of half a surrogate pair, which are no character, are refused.
package struct JSONDocumentReader: DataReader {
  /// One value a line (jsonlines.org), told as the parts of one array.
  package var isLines: Bool
  /// Whether an object with two members of one name is at fault.
  package var refusesDuplicates: Bool
  package var limits: DataLimits

  package init(isLines: Bool = false, refusesDuplicates: Bool = false, limits: DataLimits = DataLimits()) {
    self.isLines = isLines
    self.refusesDuplicates = refusesDuplicates
    self.limits = limits
  }

  /// Throws `DataFault` with line and column, `SystemFailure`, and what the sink throws.
  package func read(_ feed: ByteFeed, into sink: inout some DataSink) throws {
    guard var scanner = try JSONScanner(feed, isLines: isLines, limits: limits) else {
      if !isLines { throw DataFault(.malformed, "the document is empty, and a value was expected") }
      try sink.startArray()
      return try sink.endArray()
    }
    var names = refusesDuplicates ? OpenNames() : nil
    try scanner.skipMark()
    if isLines { return try readLines(&scanner, &names, into: &sink) }
    guard let first = try scanner.next() else {
      throw DataFault(.malformed, "the document is empty, and a value was expected")
    }
    try scanner.value(first, &names, into: &sink)
    if try scanner.next() != nil { throw try scanner.unexpected("the end of the document after its value") }
  }

  private func readLines(
    _ scanner: inout JSONScanner, _ names: inout OpenNames?, into sink: inout some DataSink
  ) throws {
    try sink.startArray()
    while let first = try scanner.next() {
      scanner.isBetween = false
      try scanner.value(first, &names, into: &sink)
      try scanner.endLine()
      scanner.isBetween = true
    }
    try sink.endArray()
  }
}
