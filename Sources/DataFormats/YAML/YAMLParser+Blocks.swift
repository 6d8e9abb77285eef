/// Collections in block style (YAML 1.2.2 section 8.2).
extension YAMLParser {
  /// Where a block node begins.
  enum BlockStart {
    /// Behind `---` or `key:`, where no collection in block style can begin on the same line.
    case afterMarker
    /// Behind `-`, `?` or the `:` of an explicit key, where one can (section 8.2.1, compact).
    case afterIndicator
    /// At the content of a line.
    case onLine
  }

  /// Reads a node whose lines have more than `parent` spaces, and goes to the content behind it.
  ///
  /// As the value of a mapping a sequence may have just as many (`isMember`; section 8.2.3, `seq-space`).
  mutating func blockNode(parent: Int, _ start: BlockStart, isMember: Bool = false) throws(DataFault) {
    var outer = YAMLProperties()
    var isOnLine = start == .onLine
    var canNest = start == .afterIndicator
    if !isOnLine {
      if skipBlanks() { canNest = false }
      if isAtLineEnd {
        try endLine()
        isOnLine = true
      }
    }
    while true {
      if isOnLine {
        let isEven = isMember && indent == parent && !isTabbed && isIndicator(Mark.dash)
        guard indent > parent || isEven else { return try addEmpty(outer) }
        canNest = !isTabbed
      }
      let column = isOnLine ? indent : self.column
      if try beginCollection(at: column, outer, canNest: canNest) { return }
      let inner = try properties(flow: nil)
      if !inner.isEmpty, isAtLineEnd {
        outer = try joined(outer, inner)
        try endLine()
        isOnLine = true
        continue
      }
      if byte() == Mark.pipe || byte() == Mark.greater {
        return try blockScalar(parent: parent, try joined(outer, inner))
      }
      return try content(parent: parent, column: column, outer, inner, canNest: canNest)
    }
  }

  /// Reads a collection whose first line begins with an indicator; false where there is none.
  private mutating func beginCollection(
    at column: Int, _ properties: YAMLProperties, canNest: Bool
  ) throws(DataFault) -> Bool {
    let indicator = byte()
    guard indicator == Mark.dash || indicator == Mark.question || indicator == Mark.colon, isGap(byte(1)) else {
      return false
    }
    guard canNest else { throw cannotNest() }
    if indicator == Mark.dash {
      try blockSequence(column, properties)
    } else {
      let mapping = try open(.mapping, .block, properties)
      try blockMapping(column)
      close(mapping)
    }
    return true
  }

  private func cannotNest() -> DataFault {
    if isTabbed || bytes[lineStart..<place].contains(Mark.tab) {
      return fault("a mapping or sequence is indented with a tab: expected spaces")
    }
    return fault("\(found()) cannot begin a mapping or sequence here: expected it on a line of its own")
  }

  /// Reads what may be a single value or the first key of a mapping, which its `:` tells.
  private mutating func content(
    parent: Int, column: Int, _ outer: YAMLProperties, _ inner: YAMLProperties, canNest: Bool
  ) throws(DataFault) {
    guard canNest else {
      let line = lineStart
      try flowNode(try joined(outer, inner), indent: parent + 1)
      skipBlanks()
      if isIndicator(Mark.colon) { throw line == lineStart ? cannotNest() : manyLines() }
      return try endLine()
    }
    let kept = keepPlace()
    if let anchor = outer.anchor { anchors[bytes[anchor]] = kept }
    let line = lineStart
    if isIndicator(Mark.colon) {
      try addEmpty(inner)
    } else {
      try flowNode(inner, indent: parent + 1)
      skipBlanks()
    }
    guard isIndicator(Mark.colon) else {
      if !outer.isEmpty {
        guard document.events[kept + 1].kind != .alias else { throw aliasWithProperties(outer) }
        amend(kept + 1, try joined(outer, inner))
      }
      if outer.isEmpty, inner.isEmpty { dropPlace(kept) }
      return try endLine()
    }
    guard line == lineStart else { throw manyLines() }
    let mapping = try open(.mapping, .block, outer, in: kept)
    place += 1
    try blockNode(parent: column, .afterMarker, isMember: true)
    if indent == column { try blockMapping(column) }
    try checkIndent(column)
    close(mapping)
  }

  private func manyLines() -> DataFault {
    fault("“:” cannot stand here: the key before it is on several lines, expected one")
  }

  private mutating func blockSequence(_ column: Int, _ properties: YAMLProperties) throws(DataFault) {
    let sequence = try open(.sequence, .block, properties)
    repeat {
      place += 1
      try blockNode(parent: column, .afterIndicator)
    } while indent == column && !isTabbed && isIndicator(Mark.dash)
    try checkIndent(column)
    close(sequence)
  }

  /// Reads the members of a mapping from the one at the place on.
  private mutating func blockMapping(_ column: Int) throws(DataFault) {
    repeat {
      guard !isTabbed || self.column == column else { throw cannotNest() }
      if isIndicator(Mark.question) {
        try explicitMember(column)
      } else if isIndicator(Mark.colon) {
        try addEmpty()
        place += 1
        try blockNode(parent: column, .afterMarker, isMember: true)
      } else {
        try implicitMember(column)
      }
    } while indent == column
    try checkIndent(column)
  }

  /// `? key` and, perhaps, `: value` (section 8.2.2, `c-l-block-map-explicit-entry`).
  private mutating func explicitMember(_ column: Int) throws(DataFault) {
    place += 1
    try blockNode(parent: column, .afterIndicator, isMember: true)
    guard indent == column, !isTabbed, isIndicator(Mark.colon) else { return try addEmpty() }
    place += 1
    try blockNode(parent: column, .afterIndicator, isMember: true)
  }

  /// `key: value` (section 8.2.2, `ns-l-block-map-implicit-entry`).
  private mutating func implicitMember(_ column: Int) throws(DataFault) {
    if isIndicator(Mark.dash) {
      throw fault("“-” cannot stand among the members of a mapping: expected a key and “:”")
    }
    let line = lineStart
    let first = place
    let found = try properties(flow: nil)
    if isIndicator(Mark.colon) {
      try addEmpty(found)
    } else {
      try flowNode(found, indent: column + 1)
      skipBlanks()
    }
    guard isIndicator(Mark.colon) else {
      throw fault("a key without a value: expected “:” and a space behind it", at: first)
    }
    guard line == lineStart else { throw manyLines() }
    place += 1
    try blockNode(parent: column, .afterMarker, isMember: true)
  }

  /// A line between the members of a collection cannot be indented more than they are.
  private func checkIndent(_ column: Int) throws(DataFault) {
    guard indent > column else { return }
    throw fault("the line is indented by \(indent), as nothing that it could belong to: expected \(column) or fewer")
  }

  /// Takes back a kept place right before a node without properties, which no other event means.
  private mutating func dropPlace(_ kept: Int) {
    guard document.events.count == kept + 2, let node = document.events.popLast() else { return }
    document.events[kept] = node
  }
}
