/// The pages that a text is set on, in points, and its letters.
package struct PageStyle: Sendable {
  package var width = 595.28
  package var height = 841.89
  /// Whether a table may lie across, where it has no room else.
  package var maySwapSides = false
  package var margin = 56.69
  /// Nil for what the kind of text is usually set in.
  package var face: Typeface?
  /// Nil for the usual one.
  package var size: Double?
  package var numbers: PageNumbers?
  /// What the document is called; nil for its first heading.
  package var title: String?

  package init() {}

  /// The margin that leaves half of the page at least.
  var room: (x: Double, y: Double) {
    (width - 2 * min(margin, width / 4), height - 2 * min(margin, height / 4))
  }

  /// Where the text begins, from the upper left corner of the page.
  var origin: (x: Double, y: Double) { (min(margin, width / 4), min(margin, height / 4)) }
}
