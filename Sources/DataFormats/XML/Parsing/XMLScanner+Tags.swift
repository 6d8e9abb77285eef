extension XMLScanner {
  /// Reads a start tag or empty-element tag behind its `<` (productions [40] and [44]).
  mutating func scanStartTag() throws {
    name = try scanName("behind '<'")
    guard open.count < limits.depth else {
      throw input.fault(.tooLarge, "more than \(limits.depth) elements stand inside each other")
    }
    elementCount += 1
    attributes.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    while true {
      let isApart = try skipBlanks()
      switch try input.peek() {
      case 0x3E: input.at += 1
      case 0x2F:
        input.at += 1
        try require(0x3E, "behind '/' in the tag of", name)
        endIsDue = true
      case nil: throw input.fault("the document ends within the tag <\(names.texts[name])>")
      default:
        guard isApart else {
          throw input.fault("a blank, '/' or '>' is expected in the tag <\(names.texts[name])>, not \(try shownNext())")
        }
        try scanAttribute()
        continue
      }
      break
    }
    if !declarations.isEmpty { try addDefaults() }
    open.append(name)
  }

  private mutating func scanAttribute() throws {
    let attribute = try scanName("in the tag of", name)
    guard lastUse[attribute] != elementCount else {
      throw input.fault("the attribute \(names.texts[attribute]) stands twice in the tag <\(names.texts[name])>")
    }
    lastUse[attribute] = elementCount
    guard attributes.count < limits.attributes else {
      throw input.fault(.tooLarge, "an element has more than \(limits.attributes) attributes")
    }
    try skipBlanks()
    try require(0x3D, "behind the attribute", attribute)
    try skipBlanks()
    let start = values.count
    try scanValue()
    attributes.append(Attribute(name: attribute, start: start, end: values.count))
  }

  /// Appends an attribute's value, quoted, to `values` (production [10], normalized by 3.3.3).
  mutating func scanValue() throws {
    guard let quote = try input.peek(), quote == 0x22 || quote == 0x27 else {
      throw input.fault("a value in quotes is expected, not \(try shownNext())")
    }
    input.at += 1
    while true {
      let (memory, start, end) = (input.memory, input.at, input.end)
      var at = start
      while at < end {
        let byte = memory[at]
        if byte == quote || byte == 0x3C || byte == 0x26 || byte < 0x20 { break }
        at += 1
      }
      values.append(contentsOf: UnsafeBufferPointer(start: memory + start, count: at - start))
      input.at = at
      guard values.count <= limits.bytes else {
        throw input.fault(.tooLarge, "the attributes of an element have more than \(limits.bytes) bytes")
      }
      switch try input.peek() {
      case quote:
        input.at += 1
        return
      case 0x3C: throw input.fault("'<' may not stand in the value of an attribute; write &lt;")
      case 0x26:
        let reference = try scanReference()
        reference.append(to: &values)
      case nil: throw input.fault("the document ends within the value of an attribute")
      case .some(let byte) where byte < 0x20:
        values.append(0x20)
        input.at += 1
      default: continue
      }
    }
  }

  /// Reads an end tag behind its `</` (production [42]).
  mutating func scanEndTag() throws {
    let ended = try scanName("behind '</'")
    guard let expected = open.last, ended == expected else {
      let expected = open.last.map { "</\(names.texts[$0])> is expected, not " } ?? ""
      let place = input.place(of: input.at - names.texts[ended].utf8.count)
      throw DataFault(.malformed, "\(expected)</\(names.texts[ended])>", at: place)
    }
    try skipBlanks()
    try require(0x3E, "at the end of the end tag of", ended)
  }
}
