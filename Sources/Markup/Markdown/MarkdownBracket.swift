/// A `[` or `![` that may turn out to begin a link or an image.
struct MarkdownBracket {
  let node: Int
  let isImage: Bool
  /// The place after the bracket.
  let start: Int
  /// The last delimiter before it.
  let delimiter: Int
  /// Whether another bracket follows before its end, so that what it encloses is no label.
  var holdsBracket = false
}
