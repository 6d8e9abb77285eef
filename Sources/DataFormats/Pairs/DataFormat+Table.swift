/// The table of readers: a row for each format that is read.
extension DataFormat {
  /// Tells `sink` the document in `feed`, from its beginning.
  ///
  /// Throws `DataFault`, `SystemFailure`, and what the sink throws.
  func read(_ feed: ByteFeed, _ options: DataOptions, _ limits: DataLimits, into sink: inout some DataSink) throws {
    feed.rewind()
    switch self {
    case .json, .ndjson:
      let reader = JSONDocumentReader(
        isLines: self == .ndjson, refusesDuplicates: options.refusesDuplicates, limits: limits)
      try reader.read(feed, into: &sink)
    case .csv, .tsv: try makeTableReader(options, limits).read(feed, into: &sink)
    case .yaml: try YAMLReader(limits: limits).read(feed, into: &sink)
    case .toml: try TOMLReader(limits: limits).read(feed, into: &sink)
    case .xml:
      var own = XMLReader.Options()
      if let prefix = options.attributePrefix { own.attributePrefix = prefix }
      if let root = options.root { own.rootName = root }
      if let item = options.item { own.itemName = item }
      try XMLReader(limits: limits, options: own).read(feed, into: &sink)
    }
  }

  /// Whether members of one name can come from a reader of it.
  var mayRepeatNames: Bool { self == .json || self == .ndjson }

  /// The reader of a table in this format.
  func makeTableReader(_ options: DataOptions, _ limits: DataLimits) -> CSVDocumentReader {
    CSVDocumentReader(
      delimiter: options.delimiter ?? (self == .tsv ? 0x09 : nil), quote: options.quote, encoding: options.encoding,
      hasHeader: options.header, isTyped: options.typed, limits: limits)
  }

  var isTable: Bool { self == .csv || self == .tsv }
}

/// The table of writers: a row for each format that is written as it is told.
extension DataFormat {
  /// Lets `tell` tell a document to the writer of this format.
  ///
  /// Tables have two passes and are not here: see `DataConversion`. Throws what is thrown by `tell`, the writer and the
  /// drain.
  func write(
    _ drain: ByteDrain, _ options: DataOptions, _ limits: DataLimits, from source: some DataSource
  ) throws {
    switch self {
    case .json:
      let layout: JSONLayout = options.compact ? .compact : .indented(options.indent ?? 2)
      try Self.finish(JSONDocumentWriter(drain, layout: layout), source)
    case .ndjson: try Self.finish(JSONDocumentWriter(drain, layout: .lines), source)
    case .csv, .tsv:
      var header = CSVHeader(requiresRows: options.requiresRows, limits: limits)
      try source.tell(&header)
      try header.check()
      let writer = CSVDocumentWriter(
        drain, header, dialect: tableDialect(options), writesHeader: options.header, limits: limits)
      try Self.finish(writer, source)
    case .yaml: try Self.finish(YAMLWriter(drain), source)
    case .toml: try Self.finish(TOMLWriter(drain, limits: limits), source)
    case .xml:
      var own = XMLWriter.Options()
      if let prefix = options.attributePrefix { own.attributePrefix = prefix }
      if let root = options.root { own.rootName = root }
      if let item = options.item { own.itemName = item }
      if let indent = options.indent { own.indent = indent }
      try Self.finish(XMLWriter(drain, options: own), source)
    }
  }

  /// Whether an object of it may not have two members of one name.
  var wantsUniqueNames: Bool { self == .xml || self == .yaml || self == .toml }

  /// How a table in this format is written.
  func tableDialect(_ options: DataOptions) -> CSVDialect {
    CSVDialect(delimiter: options.delimiter ?? (self == .tsv ? 0x09 : UInt8(ascii: ",")), quote: options.quote)
  }

  private static func finish(_ writer: some DataWriter, _ source: some DataSource) throws {
    var writer = writer
    try source.tell(&writer)
    try writer.finish()
  }
}
