extension XMLScanner {
  private static let tokenTypes: [StaticString] = [
    "IDREFS", "IDREF", "ID", "ENTITY", "ENTITIES", "NMTOKENS", "NMTOKEN",
  ]

  /// Production [52]; of several declarations of an attribute the first one counts (3.3).
  mutating func scanAttributeDeclarations() throws {
    try requireBlank("behind ATTLIST")
    let element = try scanName("of the element")
    while true {
      let isApart = try skipBlanks()
      if try take(">") { return }
      guard isApart else { throw input.fault("a blank or '>' is expected in ATTLIST, not \(try shownNext())") }
      let attribute = try scanName("of the attribute")
      try requireBlank("behind the attribute", attribute)
      let isText = try scanAttributeType()
      try requireBlank("behind the attribute's type")
      let value = try scanDefault(isText: isText)
      try declare(attribute, isText: isText, value, of: element)
    }
  }

  private mutating func declare(_ attribute: Int, isText: Bool, _ value: [UInt8]?, of element: Int) throws {
    let count = declarations[element, default: XMLElementDeclaration()].add(attribute, isText: isText, value)
    guard count <= limits.attributes else {
      throw input.fault(.tooLarge, "an element is declared with more than \(limits.attributes) attributes")
    }
  }

  /// Productions [54] to [59]; true for CDATA.
  private mutating func scanAttributeType() throws -> Bool {
    if try take("CDATA") { return true }
    if try take("NOTATION") {
      try requireBlank("behind NOTATION")
      try require(0x28, "behind NOTATION")
      try scanEnumeration(ofNames: true)
    } else if try take("(") {
      try scanEnumeration(ofNames: false)
    } else {
      for type in Self.tokenTypes where try take(type) { return false }
      throw input.fault("the type of an attribute is expected, not \(try shownNext())")
    }
    return false
  }

  private mutating func scanEnumeration(ofNames: Bool) throws {
    repeat {
      try skipBlanks()
      if ofNames { _ = try scanName("of a notation") } else { try skipToken("in the list of values") }
      try skipBlanks()
    } while try take("|")
    try require(0x29, "at the end of the list of values")
  }

  /// Production [60].
  private mutating func scanDefault(isText: Bool) throws -> [UInt8]? {
    if try take("#REQUIRED") { return nil }
    if try take("#IMPLIED") { return nil }
    if try take("#FIXED") { try requireBlank("behind #FIXED") }
    values.removeAll(keepingCapacity: true)
    try scanValue()
    return isText ? values : Self.collapsed(values[...])
  }

  /// Without blanks at its ends, and one where there were several.
  private static func collapsed(_ value: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    for byte in value where byte != 0x20 || (result.last ?? 0x20) != 0x20 { result.append(byte) }
    if result.last == 0x20 { result.removeLast() }
    return result
  }

  /// Gives the last start tag what the document type declares for its element (3.3.2 and 3.3.3).
  mutating func addDefaults() throws {
    guard let declaration = declarations[name] else { return }
    for (index, given) in attributes.enumerated() where declaration.tokens.contains(given.name) {
      let start = values.count
      values += Self.collapsed(values[given.start..<given.end])
      attributes[index] = Attribute(name: given.name, start: start, end: values.count)
    }
    for (attribute, value) in declaration.defaults where lastUse[attribute] != elementCount {
      try add(value, named: attribute)
    }
  }

  private mutating func add(_ value: [UInt8], named name: Int) throws {
    defaultedBytes += value.count + 8
    guard attributes.count < limits.attributes, defaultedBytes <= limits.bytes else {
      throw input.fault(.tooLarge, "the document type adds too many attributes")
    }
    attributes.append(Attribute(name: name, start: values.count, end: values.count + value.count))
    values += value
  }
}
