/// What the parser found, in the order of the document: the serialization tree of YAML 1.2.2 section 3.2.2, flat.
///
/// Its content is a range of the source or, where the text had to be decoded, of the document's own bytes.
struct YAMLEvent {
  enum Kind: UInt8 {
    /// A place that was kept for a mapping which did not come.
    case nothing
    case mapping
    case sequence
    /// The end of the innermost mapping or sequence.
    case end
    case scalar
    case alias
  }

  enum Style: UInt8 { case plain, single, double, literal, folded, block, flow }

  var kind: Kind
  var style: Style
  /// Whether `start` and `end` count in the decoded bytes of the document and not in the source.
  var isDecoded = false
  /// For nodes the index of their properties or -1, for aliases the index of the event that they mean.
  var link: Int32 = -1
  /// Where in the source it begins.
  var place: Int
  var start = 0
  /// For scalars where their content ends; for mappings and sequences the index of their end, 0 while they are open.
  var end = 0
}
