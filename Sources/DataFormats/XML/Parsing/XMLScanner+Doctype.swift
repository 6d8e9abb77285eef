extension XMLScanner {
  /// Reads a document type behind its `<!` (production [28]); what it names outside of the document is never fetched.
  mutating func scanDoctype() throws {
    try require("DOCTYPE", "behind '<!'")
    try requireBlank("behind DOCTYPE")
    let root = try scanName("of the root element")
    let isApart = try skipBlanks()
    if isApart, try input.peek() != 0x5B, try input.peek() != 0x3E {
      try scanExternalIdentifier(publicAlone: false)
      try skipBlanks()
    }
    if try input.peek() == 0x5B {
      input.at += 1
      try scanInternalSubset()
      try skipBlanks()
    }
    try require(0x3E, "at the end of the document type")
    name = root
  }

  /// Productions [75] and [83]; a public identifier may stand alone in a notation.
  mutating func scanExternalIdentifier(publicAlone: Bool) throws {
    if try take("SYSTEM") {
      try requireBlank("behind SYSTEM")
      try skipQuoted("system identifier") { _ in true }
      return
    }
    try require("PUBLIC", "or SYSTEM or '['")
    try requireBlank("behind PUBLIC")
    try skipQuoted("public identifier") { Self.isPublic($0) }
    let isApart = try skipBlanks()
    let quote = try input.peek()
    if publicAlone, quote != 0x22, quote != 0x27 { return }
    guard isApart else {
      throw input.fault("a blank and a system identifier are expected behind the public identifier")
    }
    try skipQuoted("system identifier") { _ in true }
  }

  /// Passes a value in quotes, all of whose bytes must be allowed.
  mutating func skipQuoted(_ kind: String, _ isAllowed: (UInt8) -> Bool) throws {
    guard let quote = try input.peek(), quote == 0x22 || quote == 0x27 else {
      throw input.fault("a \(kind) in quotes is expected, not \(try shownNext())")
    }
    input.at += 1
    while let byte = try input.peek() {
      if byte == quote {
        input.at += 1
        return
      }
      guard isAllowed(byte) else { throw input.fault("\(try shownNext()) may not stand in a \(kind)") }
      input.at += 1
    }
    throw input.fault("the document ends within a \(kind)")
  }

  /// Production [13].
  private static func isPublic(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x0A, 0x61...0x7A, 0x41...0x5A, 0x30...0x39: true
    default: "-'()+,./:=?;!*#@$_%".utf8.contains(byte)
    }
  }

  /// Production [28b]; a parameter entity would have to be expanded.
  private mutating func scanInternalSubset() throws {
    while true {
      try skipBlanks()
      switch try input.peek() {
      case 0x5D:
        input.at += 1
        return
      case 0x25:
        input.at += 1
        let entity = try scanNameText("behind '%'")
        throw input.fault(.unsupported, "the entity %\(entity); is not expanded here")
      case 0x3C:
        input.at += 1
        try scanMarkupDeclaration()
      case nil: throw input.fault("the document ends within the document type")
      default: throw input.fault("a declaration or ']' is expected in the document type, not \(try shownNext())")
      }
    }
  }

  private mutating func scanMarkupDeclaration() throws {
    if try take("?") { return try scanInstruction() }
    try require("!", "behind '<' in the document type")
    if try take("ELEMENT") { return try scanElementDeclaration() }
    if try take("ATTLIST") { return try scanAttributeDeclarations() }
    if try take("ENTITY") { return try scanEntityDeclaration() }
    if try take("NOTATION") { return try scanNotationDeclaration() }
    try scanComment()
  }

  /// Production [82].
  private mutating func scanNotationDeclaration() throws {
    try requireBlank("behind NOTATION")
    _ = try scanName("of the notation")
    try requireBlank("behind the notation's name")
    try scanExternalIdentifier(publicAlone: true)
    try skipBlanks()
    try require(0x3E, "at the end of the notation")
  }

  /// Productions [70] to [76]; the entity is not kept, for none is expanded.
  private mutating func scanEntityDeclaration() throws {
    try requireBlank("behind ENTITY")
    let isParameter = try take("%")
    if isParameter { try requireBlank("behind '%'") }
    _ = try scanName("of the entity")
    try requireBlank("behind the entity's name")
    if let quote = try input.peek(), quote == 0x22 || quote == 0x27 {
      try scanEntityValue(quote)
      try skipBlanks()
    } else {
      try scanExternalIdentifier(publicAlone: false)
      if try skipBlanks(), !isParameter, try take("NDATA") {
        try requireBlank("behind NDATA")
        _ = try scanName("of the notation")
        try skipBlanks()
      }
    }
    try require(0x3E, "at the end of the entity")
  }

  /// Production [9]; references only have to be well-formed.
  private mutating func scanEntityValue(_ quote: UInt8) throws {
    input.at += 1
    while let byte = try input.peek() {
      input.at += 1
      switch byte {
      case quote: return
      case 0x25: throw input.fault("'%' may not stand in the value of an entity within the document")
      case 0x26:
        if try input.peek() == 0x23 {
          input.at -= 1
          _ = try scanReference()
        } else {
          let entity = try scanNameText("behind '&'")
          try require(0x3B, "at the end of the reference &\(entity)")
        }
      default: continue
      }
    }
    throw input.fault("the document ends within the value of an entity")
  }
}
