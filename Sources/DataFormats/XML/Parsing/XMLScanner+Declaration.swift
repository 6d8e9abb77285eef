extension XMLScanner {
  /// Reads the declaration if there is one (production [23]); its encoding has to be the one the bytes are in.
  mutating func scanDeclaration() throws {
    try input.want(6)
    guard input.end - input.at >= 6, XMLCharacters.isBlank(input.memory[input.at + 5]), try take("<?xml") else {
      return
    }
    try skipBlanks()
    try require("version", "in the declaration")
    let version = try scanLiteral("of the version")
    // Every 1.x is read as 1.0 (2.8).
    guard version.hasPrefix("1."), version.utf8.count > 2,
      version.utf8.dropFirst(2).allSatisfy({ (0x30...0x39).contains($0) })
    else { throw input.fault("the version is \(quoted(version)), but 1.0 is expected") }
    var isApart = try skipBlanks()
    if isApart, try take("encoding") {
      let encoding = try scanLiteral("of the encoding")
      guard Self.isEncodingName(encoding) else { throw input.fault("\(quoted(encoding)) is no name of an encoding") }
      try input.confirm(encoding)
      isApart = try skipBlanks()
    }
    if isApart, try take("standalone") {
      let value = try scanLiteral("of 'standalone'")
      guard value == "yes" || value == "no" else {
        throw input.fault("'standalone' is \(quoted(value)), but yes or no is expected")
      }
      try skipBlanks()
    }
    try require("?>", "at the end of the declaration")
  }

  /// Reads `= "…"`.
  private mutating func scanLiteral(_ place: String) throws -> String {
    try skipBlanks()
    try require(0x3D, "before the value \(place)")
    try skipBlanks()
    guard let quote = try input.peek(), quote == 0x22 || quote == 0x27 else {
      throw input.fault("a value in quotes is expected \(place), not \(try shownNext())")
    }
    input.at += 1
    var value: [UInt8] = []
    while let byte = try input.peek(), byte != quote, byte >= 0x20, byte != 0x3E, value.count < 100 {
      value.append(byte)
      input.at += 1
    }
    try require(quote, "at the end of the value \(place)")
    return String(decoding: value, as: UTF8.self)
  }

  private func quoted(_ value: String) -> String { "'\(value)'" }

  /// Production [81].
  private static func isEncodingName(_ name: String) -> Bool {
    guard let first = name.utf8.first, isLetter(first) else { return false }
    return name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || [0x2E, 0x5F, 0x2D].contains($0) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
