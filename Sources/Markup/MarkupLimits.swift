/// What a text with markup may ask of memory before it is refused.
package struct MarkupLimits: Sendable {
  /// How many blocks or elements may stand inside each other.
  package var depth = 200
  /// How many bytes a document may have.
  package var bytes = 64 << 20
  /// How many blocks or elements a document may have.
  package var nodes = 4_000_000

  package init() {}
}
