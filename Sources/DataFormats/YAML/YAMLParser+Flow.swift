/// Nodes and collections in flow style (YAML 1.2.2 sections 7.4 and 7.5).
extension YAMLParser {
  /// Reads the content of an alias, a scalar in flow style or a collection in flow style; further lines need `indent`
  /// spaces.
  ///
  /// Tells whether it is like JSON: quoted or in brackets, so that a `:` may follow at once (section 7.4.2).
  @discardableResult
  mutating func flowNode(
    _ properties: YAMLProperties, indent: Int, isInFlow: Bool = false
  ) throws(DataFault) -> Bool {
    switch byte() {
    case Mark.asterisk:
      guard properties.isEmpty else { throw aliasWithProperties(properties) }
      try alias()
      return false
    case Mark.doubleQuote: try doubleQuoted(properties, indent)
    case Mark.singleQuote: try singleQuoted(properties, indent)
    case Mark.openBracket: try flowSequence(properties, indent)
    case Mark.openBrace: try flowMapping(properties, indent)
    default:
      try plain(properties, indent, isInFlow: isInFlow)
      return false
    }
    return true
  }

  func aliasWithProperties(_ properties: YAMLProperties) -> DataFault {
    fault("an alias cannot have a tag or an anchor of its own", at: properties.place)
  }

  /// Goes over what separates tokens in flow style: blanks, breaks and comments (section 6.7).
  ///
  /// Lines with content need `indent` spaces; a bracket that closes may stand one to the left, below the key or the dash
  /// that it belongs to, as everybody writes it.
  mutating func skipFlowGap(_ indent: Int) throws(DataFault) {
    skipBlanks()
    while isAtLineEnd {
      skipLine()
      guard !isAtEnd else { throw fault("the text ends within brackets: expected “]” or “}”") }
      place += 1
      lineStart = place
      if isMarker(at: place) { throw fault("a marker of documents stands within brackets: expected “]” or “}”") }
      while byte() == Mark.space { place += 1 }
      let spaces = column
      skipBlanks()
      guard spaces < indent, !isAtLineEnd else { continue }
      guard spaces == indent - 1, byte() == Mark.closeBracket || byte() == Mark.closeBrace else {
        throw fault("the line is indented by \(spaces): expected at least \(indent), for it is within brackets")
      }
    }
  }

  /// Whether a `:` here ends a key: at once behind one like JSON, otherwise where no plain scalar could go on.
  private func isValueIndicator(afterJSON: Bool) -> Bool {
    guard byte() == Mark.colon else { return false }
    return afterJSON || isGap(byte(1)) || Mark.isFlow(byte(1))
  }

  private mutating func flowSequence(_ properties: YAMLProperties, _ indent: Int) throws(DataFault) {
    let sequence = try open(.sequence, .flow, properties)
    place += 1
    try skipFlowGap(indent)
    while byte() != Mark.closeBracket {
      try flowEntry(indent)
      try skipFlowGap(indent)
      try nextFlowEntry(Mark.closeBracket, indent)
    }
    place += 1
    close(sequence)
  }

  /// Reads an entry of a sequence, which may be a mapping of one member without braces (section 7.4.1, `ns-flow-pair`).
  private mutating func flowEntry(_ indent: Int) throws(DataFault) {
    if isIndicator(Mark.question) {
      let pair = try open(.mapping, .flow)
      try flowMember(indent)
      return close(pair)
    }
    let kept = keepPlace()
    let line = lineStart
    var isJSON = false
    if isValueIndicator(afterJSON: false) {
      try addEmpty()
    } else {
      isJSON = try flowNodeWithProperties(indent)
      try skipFlowGap(indent)
    }
    guard isValueIndicator(afterJSON: isJSON) else {
      if document.events.count == kept + 2, document.events[kept + 1].link < 0, let node = document.events.popLast() {
        document.events[kept] = node
      }
      return
    }
    guard line == lineStart else {
      throw fault("“:” cannot stand here: it and its key must be on one line within “[ ]”")
    }
    let pair = try open(.mapping, .flow, in: kept)
    try flowValue(indent)
    close(pair)
  }

  private mutating func flowMapping(_ properties: YAMLProperties, _ indent: Int) throws(DataFault) {
    let mapping = try open(.mapping, .flow, properties)
    place += 1
    try skipFlowGap(indent)
    while byte() != Mark.closeBrace {
      try flowMember(indent)
      try skipFlowGap(indent)
      try nextFlowEntry(Mark.closeBrace, indent)
    }
    place += 1
    close(mapping)
  }

  private mutating func nextFlowEntry(_ closing: UInt8, _ indent: Int) throws(DataFault) {
    if byte() == Mark.comma {
      place += 1
      try skipFlowGap(indent)
    } else if byte() != closing {
      let bracket = closing == Mark.closeBrace ? "}" : "]"
      throw fault("\(found()) cannot stand here: expected “,” or “\(bracket)”")
    }
  }

  /// Reads a key and its value, either of which may be missing (section 7.4.2, `ns-flow-map-entry`).
  private mutating func flowMember(_ indent: Int) throws(DataFault) {
    if isIndicator(Mark.question) {
      place += 1
      try skipFlowGap(indent)
      if isAtEntryEnd {
        try addEmpty()
        return try addEmpty()
      }
    }
    var isJSON = false
    if isValueIndicator(afterJSON: false) {
      try addEmpty()
    } else {
      isJSON = try flowNodeWithProperties(indent)
      try skipFlowGap(indent)
    }
    if isValueIndicator(afterJSON: isJSON) {
      try flowValue(indent)
    } else {
      try addEmpty()
    }
  }

  private var isAtEntryEnd: Bool { byte() == Mark.comma || byte() == Mark.closeBrace || byte() == Mark.closeBracket }

  private mutating func flowValue(_ indent: Int) throws(DataFault) {
    place += 1
    try skipFlowGap(indent)
    if isAtEntryEnd { return try addEmpty() }
    _ = try flowNodeWithProperties(indent)
  }

  private mutating func flowNodeWithProperties(_ indent: Int) throws(DataFault) -> Bool {
    guard byte() == Mark.ampersand || byte() == Mark.exclamation else {
      return try flowNode(YAMLProperties(), indent: indent, isInFlow: true)
    }
    let found = try properties(flow: indent)
    if isAtEntryEnd || isValueIndicator(afterJSON: false) {
      try addEmpty(found)
      return false
    }
    return try flowNode(found, indent: indent, isInFlow: true)
  }
}
