/// Reads YAML 1.2.2, whole, by its core schema (sections 5 to 10).
///
/// The text is held in memory. Names of members are the text of their keys; of keys of one name the last wins, in the
/// place of the first; `<<` merges mappings as in version 1.1, aliases are followed.
package struct YAMLReader: DataReader {
  /// How several documents of a stream are told.
  package enum Documents: Sendable {
    /// One as itself, several as one array, none as null.
    case gathered
    /// One after the other.
    case apart
  }

  /// What is done about tags that are not YAML's own; those of its own that are not known are always refused.
  package enum ForeignTags: Sendable {
    /// The node is told as if it had none; a scalar is a text then.
    case ignored
    case refused
  }

  let limits: DataLimits
  let documents: Documents
  let foreignTags: ForeignTags

  package init(
    limits: DataLimits = DataLimits(), documents: Documents = .gathered, foreignTags: ForeignTags = .ignored
  ) {
    self.limits = limits
    self.documents = documents
    self.foreignTags = foreignTags
  }

  package func read(_ feed: ByteFeed, into sink: inout some DataSink) throws {
    guard let raw = try feed.rest(atMost: limits.bytes) else {
      throw DataFault(.tooLarge, "the text is longer than \(limits.bytes) bytes")
    }
    var parser = try YAMLParser(raw, limits: limits)
    var composer = YAMLComposer(parser.bytes, limits: limits, foreignTags: foreignTags)
    guard documents == .gathered else {
      while try parser.nextDocument() { try composer.tell(parser.document, into: &sink) }
      return
    }
    guard try parser.nextDocument() else { return try sink.scalar(.null) }
    let first = parser.document
    guard try parser.nextDocument() else { return try composer.tell(first, into: &sink) }
    try sink.startArray()
    try composer.tell(first, into: &sink)
    repeat { try composer.tell(parser.document, into: &sink) } while try parser.nextDocument()
    try sink.endArray()
  }
}
