/// What a document may ask of the parser before it is refused.
package struct XMLLimits: Sendable {
  /// How many elements may stand inside each other.
  package var depth = 200
  /// How many attributes one element may have, those of the document type's defaults included.
  package var attributes = 10_000
  /// How many bytes of UTF-8 a name may have.
  package var nameLength = 1 << 15
  /// How many different names the document may use.
  package var names = 1_000_000
  /// How many bytes of UTF-8 all of them may have.
  package var nameBytes = 16 << 20
  /// How many bytes one text, comment or instruction, or the attributes of one element, may have.
  package var bytes = 64 << 20

  package init() {}
}
