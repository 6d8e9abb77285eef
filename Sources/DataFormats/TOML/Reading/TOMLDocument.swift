/// The tables and values of a document, and the rules of who may define what (TOML 1.0, "Table" to "Array of Tables").
struct TOMLDocument {
  enum Kind {
    case scalar
    /// A table that was named only on the way to another one.
    case implied
    /// A table that had a header of its own.
    case headed
    /// A table that dotted keys made.
    case dotted
    /// A table in braces, complete.
    case inline
    case array
    case arrayOfTables
  }

  struct Node {
    var kind: Kind
    let key: Int32
    var first: Int32 = -1
    var last: Int32 = -1
    var next: Int32 = -1
    var value = DataScalar.null
  }

  static let root = 0
  private(set) var nodes = [Node(kind: .headed, key: -1)]
  private(set) var keys = NameTable()
  private var members: [UInt64: Int32] = [:]
  private let limits: DataLimits

  init(limits: DataLimits) { self.limits = limits }

  /// The number of a key.
  mutating func number(of key: UnsafeBufferPointer<UInt8>) -> Int { keys.find(key) ?? keys.add(key) }

  func member(_ key: Int, of table: Int) -> Int? { members[UInt64(table) << 32 | UInt64(key)].map { Int($0) } }

  /// Adds a member that the table does not have yet.
  mutating func add(_ kind: Kind, _ key: Int, to table: Int) throws -> Int {
    let node = try append(Node(kind: kind, key: Int32(key)), to: table)
    members[UInt64(table) << 32 | UInt64(key)] = Int32(node)
    return node
  }

  mutating func addElement(_ kind: Kind, to array: Int) throws -> Int {
    try append(Node(kind: kind, key: -1), to: array)
  }

  mutating func set(_ node: Int, to kind: Kind) { nodes[node].kind = kind }

  mutating func set(_ node: Int, to value: DataScalar) {
    nodes[node].kind = .scalar
    nodes[node].value = value
  }

  private mutating func append(_ node: Node, to parent: Int) throws -> Int {
    guard nodes.count <= limits.values else {
      throw DataFault(.tooLarge, "there are more than \(limits.values) values")
    }
    let number = Int32(nodes.count)
    nodes.append(node)
    if nodes[parent].last >= 0 { nodes[Int(nodes[parent].last)].next = number } else { nodes[parent].first = number }
    nodes[parent].last = number
    return Int(number)
  }

  /// The last element of an array of tables, which is the one that headers and keys speak of.
  func lastElement(of array: Int) -> Int { Int(nodes[array].last) }

  /// Tells a node with all below it; the depth was bounded when they were added.
  func tell(_ number: Int, _ sink: inout some DataSink) throws {
    let node = nodes[number]
    switch node.kind {
    case .scalar: return try sink.scalar(node.value)
    case .array, .arrayOfTables:
      try sink.startArray()
      try tellParts(of: node, &sink)
      try sink.endArray()
    case .implied, .headed, .dotted, .inline:
      try sink.startObject()
      try tellParts(of: node, &sink)
      try sink.endObject()
    }
  }

  private func tellParts(of node: Node, _ sink: inout some DataSink) throws {
    var next = node.first
    while next >= 0 {
      let part = nodes[Int(next)]
      if part.key >= 0 { try sink.name(keys.texts[Int(part.key)]) }
      try tell(Int(next), &sink)
      next = part.next
    }
  }
}
