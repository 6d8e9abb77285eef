/// One document of a stream, parsed.
struct YAMLDocument {
  var events: [YAMLEvent] = []
  var properties: [YAMLProperties] = []
  /// The bytes of scalars that are not in the source as they mean.
  var decoded: [UInt8] = []
  /// Whether it began with `---`.
  var isMarked = false
  /// Whether it ended with `...`.
  var isClosed = false
  /// Whether there may be a merge key in it.
  var hasMerge = false
}
