/// What a document type declares of an element's attributes (XML 1.0, 3.3), as far as the parser must know it.
struct XMLElementDeclaration {
  /// The numbers of the names of all attributes; of several declarations of one the first counts.
  private var names: Set<Int> = []
  /// The values of attributes that the tag does not give.
  private(set) var defaults: [(name: Int, value: [UInt8])] = []
  /// Attributes of names or tokens, whose blanks are collapsed (3.3.3).
  private(set) var tokens: Set<Int> = []

  /// Adds an attribute unless it has been declared before, and says how many there are.
  mutating func add(_ attribute: Int, isText: Bool, _ value: [UInt8]?) -> Int {
    if names.insert(attribute).inserted {
      if let value { defaults.append((attribute, value)) }
      if !isText { tokens.insert(attribute) }
    }
    return names.count
  }
}
