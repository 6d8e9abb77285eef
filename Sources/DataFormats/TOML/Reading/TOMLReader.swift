/// Reads TOML 1.0 whole and strictly; tables may be added to until the end, so that all is read before anything is
/// told.
///
/// Integers are of 64 bits, beyond which they are refused, and are told in decimal; floats keep their digits, in the
/// spelling of JSON. Dates and times are moments, whose kind `TOMLMoment` tells. Line ends within texts become `\n`.
package struct TOMLReader: DataReader {
  private let limits: DataLimits

  package init(limits: DataLimits = DataLimits()) { self.limits = limits }

  package func read(_ feed: ByteFeed, into sink: inout some DataSink) throws {
    guard let bytes = try feed.rest(atMost: limits.bytes) else {
      throw DataFault(.tooLarge, "the document has more than \(limits.bytes) bytes")
    }
    var parser = TOMLParser(bytes, limits: limits)
    try parser.parse()
    try parser.document.tell(TOMLDocument.root, &sink)
  }
}
