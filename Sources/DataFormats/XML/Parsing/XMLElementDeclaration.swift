/// What a document type declares of an element's attributes (XML 1.0, 3.3), as far as the parser must know it.
struct XMLElementDeclaration {
  /// The numbers of the names of all attributes; of several declarations of one the first counts.
  var names: Set<Int> = []
  /// The values of attributes that the tag does not give.
  var defaults: [(name: Int, value: [UInt8])] = []
  /// Attributes of names or tokens, whose blanks are collapsed (3.3.3).
  var tokens: Set<Int> = []
}
