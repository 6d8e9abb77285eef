/// How a document of JSON is laid out.
package enum JSONLayout: Sendable, Equatable {
  /// A line for each value, its depth shown by so many blanks.
  case indented(Int)
  /// No blank anywhere.
  case compact
  /// JSON Lines: each value of the outermost array in a line of its own, compact.
  case lines
}
