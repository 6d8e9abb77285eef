/// What a document may ask of memory before it is refused.
package struct DataLimits: Sendable {
  /// How many arrays and objects may stand inside each other.
  package var depth = 200
  /// How many values a tree may have, after references have been followed.
  package var values = 1_000_000
  /// How many bytes a document may have that must be held whole.
  package var bytes = 64 << 20
  /// How many bytes a single name, string, number or row may have in a document that is read in pieces.
  package var token = 16 << 20
  /// How many columns a table may have; what spreadsheets bear.
  package var columns = 16_384

  package init() {}
}
