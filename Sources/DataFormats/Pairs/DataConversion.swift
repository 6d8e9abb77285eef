/// Turns a document of one format of structured data into another.
///
/// JSON, JSON Lines and tables are streamed, whatever their size; a tree is made only where a document has members of
/// one name and the target can have none.
package struct DataConversion: Sendable {
  package let source: DataFormat
  package let target: DataFormat
  package var options: DataOptions
  package var limits: DataLimits

  package init(
    from source: DataFormat, to target: DataFormat, options: DataOptions = DataOptions(),
    limits: DataLimits = DataLimits()
  ) {
    self.source = source
    self.target = target
    self.options = options
    self.limits = limits
  }

  /// Reads the feed from its beginning, twice where a table is made of it, and writes and flushes the drain.
  ///
  /// Throws `DataFault` where the document or an option is at fault, `SystemFailure` where a file is, and what the drain
  /// throws; what has been written until then is of no use.
  package func run(_ feed: ByteFeed, into drain: ByteDrain) throws {
    try checkOptions()
    let encoder = TextEncoder(drain, (target.isTable && !source.isTable ? options.encoding : nil) ?? .utf8)
    let text = encoder.makeDrain()
    let isEncoded = target.isTable && !source.isTable && options.encoding ?? .utf8 != .utf8
    try write(feed, into: isEncoded ? text : drain)
    if isEncoded { try text.flush() }
    try drain.flush()
  }

  private func write(_ feed: ByteFeed, into drain: ByteDrain) throws {
    var options = options
    // Rows stand two blanks apart in XML, all else one: the convention that clients of the pairs know.
    if source.isTable && target == .xml && options.indent == nil { options.indent = 2 }
    if source.isTable && target.isTable {
      var given = options
      // A delimiter that is given is the source's; the target has its own.
      given.delimiter = nil
      let copy = CSVCopy(reader: source.makeTableReader(options, limits), dialect: target.tableDialect(given))
      return try copy.run(feed, into: drain)
    }
    let file = DataFile(feed: feed, format: source, options: options, limits: limits)
    if source.mayRepeatNames && target.wantsUniqueNames {
      var names = RepeatedNames(limits: limits)
      try file.tell(&names)
      if names.isFound {
        var tree = DataTree(limits: limits)
        try file.tell(&tree)
        for value in tree.values { try target.write(drain, options, limits, from: value) }
        return
      }
    }
    try target.write(drain, options, limits, from: file)
  }

  private func checkOptions() throws {
    let marks = [options.delimiter, options.quote].compactMap { $0 }
    if marks.count == 2 && marks[0] == marks[1] {
      throw DataFault(.unsupported, "the delimiter and the quote are one character, and must be two")
    }
    if marks.contains(where: { $0 >= 0x80 || $0 < 0x20 && $0 != 0x09 }) {
      throw DataFault(.unsupported, "the delimiter and the quote must be visible characters of ASCII, or a tab")
    }
    if let indent = options.indent, !(0...8 ~= indent) {
      throw DataFault(.unsupported, "the indent must be from 0 to 8 blanks")
    }
  }
}
