/// What a document type declares of an attribute that the parser must know (XML 1.0, 3.3).
struct XMLAttributeDefault {
  /// The number of the attribute's name.
  let name: Int
  /// Its value is text, and not names or tokens, whose blanks are collapsed (3.3.3).
  let isText: Bool
  /// The value that it has where the tag does not give one, if any.
  let value: [UInt8]?
}
