extension XMLScanner {
  /// Production [45].
  mutating func scanElementDeclaration() throws {
    try requireBlank("behind ELEMENT")
    let element = try scanNameText("of the element")
    try requireBlank("behind the element's name \(element)")
    if try !take("EMPTY"), try !take("ANY") {
      try require(0x28, "or EMPTY or ANY in the declaration of \(element)")
      try skipBlanks()
      if try take("#PCDATA") { try scanMixedContent() } else { try scanContentModel() }
    }
    try skipBlanks()
    try require(0x3E, "at the end of the declaration of \(element)")
  }

  /// Production [51] behind `(#PCDATA`.
  private mutating func scanMixedContent() throws {
    var hasNames = false
    try skipBlanks()
    while try take("|") {
      hasNames = true
      try skipBlanks()
      _ = try scanName("behind '|'")
      try skipBlanks()
    }
    try require(0x29, "in the mixed content")
    if hasNames { try require(0x2A, "behind the mixed content") } else { _ = try take("*") }
  }

  /// Productions [47] to [50] behind the first parenthesis.
  private mutating func scanContentModel() throws {
    // For every parenthesis that is open, the separator of its parts, once one has been seen.
    var separators: [UInt8?] = [nil]
    while !separators.isEmpty {
      try skipBlanks()
      if try take("(") {
        guard separators.count < limits.depth else {
          throw input.fault(.tooLarge, "more than \(limits.depth) parentheses stand inside each other")
        }
        separators.append(nil)
        continue
      }
      _ = try scanName("in the content model")
      try skipOccurrence()
      try skipBlanks()
      while try take(")") {
        separators.removeLast()
        try skipOccurrence()
        if separators.isEmpty { return }
        try skipBlanks()
      }
      let open = separators.count - 1
      guard let next = try input.peek(), next == 0x7C || next == 0x2C, separators[open] ?? next == next else {
        throw input.fault(
          "',', '|' or ')' is expected in the content model, the same all through, not \(try shownNext())")
      }
      separators[open] = next
      input.at += 1
    }
  }

  private mutating func skipOccurrence() throws {
    if let byte = try input.peek(), byte == 0x3F || byte == 0x2A || byte == 0x2B { input.at += 1 }
  }
}
