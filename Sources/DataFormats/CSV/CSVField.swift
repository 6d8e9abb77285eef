/// A field of the row that was read last, by its place behind the row's beginning.
struct CSVField {
  var start: Int
  var count: Int
  var isQuoted: Bool
  /// Quotes inside are doubled.
  var hasDoubledQuotes: Bool
}
