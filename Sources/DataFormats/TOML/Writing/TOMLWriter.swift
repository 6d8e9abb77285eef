/// Writes TOML 1.0; what it is told is gathered into a tree first, for a table's values stand before its tables.
///
/// At the top stands a table: an array becomes its `items`, a value its `value`. Members that are null are left out,
/// for TOML has no null; within an array a null is refused, for without it the others would move up. Arrays of
/// objects only become arrays of tables.
package struct TOMLWriter: DataWriter {
  private let drain: ByteDrain
  private var tree: DataTree

  package init(_ drain: ByteDrain, limits: DataLimits = DataLimits()) {
    self.drain = drain
    tree = DataTree(limits: limits)
  }

  package mutating func startObject() throws { try tree.startObject() }
  package mutating func name(_ name: String) throws { try tree.name(name) }
  package mutating func endObject() throws { try tree.endObject() }
  package mutating func startArray() throws { try tree.startArray() }
  package mutating func endArray() throws { try tree.endArray() }
  package mutating func scalar(_ value: DataScalar) throws { try tree.scalar(value) }

  package mutating func finish() throws {
    guard tree.values.count <= 1 else {
      throw DataFault(.unsupported, "there are \(tree.values.count) documents, and TOML holds one")
    }
    try Self.write(tree.values.first ?? .object([]), to: drain)
  }

  /// Writes a tree in which no object has two members of one name.
  package static func write(_ value: DataValue, to drain: ByteDrain) throws {
    let page = TOMLPage(drain)
    switch value {
    case .object(let members): try page.put(members, at: [])
    case .array: try page.put([.init("items", value)], at: [])
    case .scalar: try page.put([.init("value", value)], at: [])
    }
  }
}
