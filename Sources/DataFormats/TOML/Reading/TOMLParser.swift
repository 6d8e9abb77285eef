/// Goes through a document once and gathers its tables.
struct TOMLParser {
  let limits: DataLimits
  /// The document, with a 0 behind it, which no document may have within.
  let bytes: [UInt8]
  let end: Int
  var at = 0
  var document: TOMLDocument
  /// The table that keys are added to, and how many arrays and tables it stands in, itself included.
  private var table = TOMLDocument.root
  private var depth = 1

  init(_ document: consuming [UInt8], limits: DataLimits) {
    self.limits = limits
    end = document.count
    document.append(0)
    bytes = document
    self.document = TOMLDocument(limits: limits)
  }

  mutating func parse() throws {
    try checkEncoding()
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    while at < end {
      skipBlanks()
      switch bytes[at] {
      case 0x5B: try scanHeader()
      case 0x0A, 0x0D, 0x23: break
      case 0 where at == end: return
      default: try scanPair(in: table, depth: depth)
      }
      skipBlanks()
      try skipComment()
      guard try skipLineEnd() || at == end else { throw fault("the end of the line is expected, not \(shownNext)") }
    }
  }

  /// Reads `[a.b]` or `[[a.b]]` and makes it the table that keys are added to.
  private mutating func scanHeader() throws {
    let start = at
    at += 1
    let isArray = bytes[at] == 0x5B
    if isArray { at += 1 }
    let path = try scanKey()
    let close = isArray ? "]]" : "]"
    for _ in 0..<close.utf8.count {
      guard bytes[at] == 0x5D else { throw fault("'\(close)' is expected at the end of the header, not \(shownNext)") }
      at += 1
    }
    (table, depth) = (TOMLDocument.root, 1)
    for key in path.dropLast() { try enter(key, from: start) }
    guard let key = path.last else { return }
    if isArray { try defineElement(key, from: start) } else { try defineTable(key, from: start) }
  }

  /// Goes into a table that stands on the way of a header.
  private mutating func enter(_ key: Int, from start: Int) throws {
    try deepen(by: 1, from: start)
    guard let member = document.member(key, of: table) else {
      table = try add(.implied, key, to: table, from: start)
      return
    }
    switch document.nodes[member].kind {
    case .implied, .headed, .dotted: table = member
    case .arrayOfTables:
      try deepen(by: 1, from: start)
      table = document.lastElement(of: member)
    case .scalar, .array, .inline:
      throw fault("\(shown(key)) has a value already, to which nothing can be added", at: start)
    }
  }

  private mutating func defineTable(_ key: Int, from start: Int) throws {
    try deepen(by: 1, from: start)
    guard let member = document.member(key, of: table) else {
      table = try add(.headed, key, to: table, from: start)
      return
    }
    guard document.nodes[member].kind == .implied else {
      throw fault("\(shown(key)) is defined already", at: start)
    }
    document.set(member, to: .headed)
    table = member
  }

  private mutating func defineElement(_ key: Int, from start: Int) throws {
    try deepen(by: 2, from: start)
    let array: Int
    if let member = document.member(key, of: table) {
      guard document.nodes[member].kind == .arrayOfTables else {
        throw fault("\(shown(key)) is defined already, and not as an array of tables", at: start)
      }
      array = member
    } else {
      array = try add(.arrayOfTables, key, to: table, from: start)
    }
    table = try placed(at: start) { try $0.addElement(.headed, to: array) }
  }

  private mutating func deepen(by levels: Int, from start: Int) throws {
    depth += levels
    try check(depth, from: start)
  }

  func check(_ depth: Int, from start: Int) throws {
    guard depth <= limits.depth else {
      throw fault(.tooLarge, "more than \(limits.depth) arrays and tables stand inside each other", at: start)
    }
  }

  mutating func add(_ kind: TOMLDocument.Kind, _ key: Int, to table: Int, from start: Int) throws -> Int {
    try placed(at: start) { try $0.add(kind, key, to: table) }
  }

  /// Gives the faults of the document the place that they belong to.
  mutating func placed(at start: Int, _ body: (inout TOMLDocument) throws -> Int) throws -> Int {
    do { return try body(&document) } catch let failure as DataFault {
      throw fault(failure.kind, failure.problem, at: start)
    }
  }
}
