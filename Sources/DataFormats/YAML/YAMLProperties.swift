/// The tag and the anchor of a node (section 6.9).
struct YAMLProperties {
  /// The whole tag, after handles have been replaced; `!` is the non-specific one.
  var tag: String?
  /// The anchor's name, as a range of the source.
  var anchor: Range<Int>?
  /// Where in the source they begin.
  var place = 0

  var isEmpty: Bool { tag == nil && anchor == nil }
}
