/// A part of the text that no page divides: a line, or what is as high as one.
struct FlowBox {
  /// In points.
  var height: Double
  /// What is left free above it, but not at the top of a page.
  var space = 0.0
  /// Operators that show it, from its upper left corner, where y grows upwards.
  var content: [UInt8] = []
  var links: [LinkArea] = []
  /// What stands behind or beside it and what follows it, the outermost first.
  var grounds: [Ground] = []
  /// The heading that begins with it.
  var heading: (title: String, level: Int)?
  /// Whether no page may end behind it.
  var keepsWithNext = false
}
