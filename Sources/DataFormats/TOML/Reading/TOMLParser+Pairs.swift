extension TOMLParser {
  /// Reads a key of one or more parts, with the blanks around it; the parts by number.
  mutating func scanKey() throws -> [Int] {
    var path: [Int] = []
    while true {
      skipBlanks()
      path.append(try scanKeyPart())
      try check(path.count, from: at)
      skipBlanks()
      guard bytes[at] == 0x2E else { return path }
      at += 1
    }
  }

  private mutating func scanKeyPart() throws -> Int {
    switch bytes[at] {
    case 0x22, 0x27:
      if bytes[at] == bytes[at + 1], bytes[at] == bytes[at + 2] {
        throw fault("a key may not be a text of several lines")
      }
      let key = try scanLineText()
      return key.withUnsafeBufferPointer { document.number(of: $0) }
    default:
      let start = at
      while TOMLKey.isBare(bytes[at]) { at += 1 }
      guard at > start else { throw fault("a key is expected, not \(shownNext)") }
      return bytes.withUnsafeBufferPointer { document.number(of: UnsafeBufferPointer(rebasing: $0[start..<at])) }
    }
  }

  /// Reads `key = value` into a table that stands at `depth`.
  mutating func scanPair(in table: Int, depth: Int) throws {
    let start = at
    let path = try scanKey()
    guard bytes[at] == 0x3D else { throw fault("'=' is expected behind the key, not \(shownNext)") }
    at += 1
    skipBlanks()
    var inner = table
    for key in path.dropLast() { inner = try enter(key, of: inner, from: start) }
    guard let key = path.last else { return }
    if document.member(key, of: inner) != nil { throw fault("\(shown(key)) is defined already", at: start) }
    let depth = depth + path.count - 1
    try check(depth, from: start)
    let node = try add(.scalar, key, to: inner, from: start)
    try scanValue(into: node, depth: depth)
  }

  /// Goes into a table on the way of a dotted key, which must be of dotted keys too or have been named only by headers.
  private mutating func enter(_ key: Int, of table: Int, from start: Int) throws -> Int {
    guard let member = document.member(key, of: table) else { return try add(.dotted, key, to: table, from: start) }
    switch document.nodes[member].kind {
    case .dotted: break
    case .implied: document.set(member, to: .dotted)
    case .headed: throw fault("\(shown(key)) has a header of its own, so that keys can be added only there", at: start)
    case .scalar, .array, .arrayOfTables, .inline:
      throw fault("\(shown(key)) has a value already, to which nothing can be added", at: start)
    }
    return member
  }

  mutating func scanValue(into node: Int, depth: Int) throws {
    switch bytes[at] {
    case 0x22, 0x27: document.set(node, to: .string(String(decoding: try scanText(), as: UTF8.self)))
    case 0x5B: try scanArray(into: node, depth: depth + 1)
    case 0x7B: try scanInlineTable(into: node, depth: depth + 1)
    default: document.set(node, to: try scanScalar())
    }
  }

  private mutating func scanArray(into node: Int, depth: Int) throws {
    try check(depth, from: at)
    document.set(node, to: .array)
    at += 1
    while true {
      try skipLines()
      if bytes[at] == 0x5D { break }
      let start = at
      let element = try placed(at: start) { try $0.addElement(.scalar, to: node) }
      try scanValue(into: element, depth: depth)
      try skipLines()
      if bytes[at] == 0x5D { break }
      guard bytes[at] == 0x2C else { throw fault("',' or ']' is expected in the array, not \(shownNext)") }
      at += 1
    }
    at += 1
  }

  /// Reads a table in braces, on one line and without a comma at its end; it is complete then.
  private mutating func scanInlineTable(into node: Int, depth: Int) throws {
    try check(depth, from: at)
    document.set(node, to: .dotted)
    at += 1
    skipBlanks()
    if bytes[at] != 0x7D {
      while true {
        skipBlanks()
        try scanPair(in: node, depth: depth)
        skipBlanks()
        if bytes[at] == 0x7D { break }
        guard bytes[at] == 0x2C else { throw fault("',' or '}' is expected in the inline table, not \(shownNext)") }
        at += 1
      }
    }
    at += 1
    document.set(node, to: .inline)
  }
}
