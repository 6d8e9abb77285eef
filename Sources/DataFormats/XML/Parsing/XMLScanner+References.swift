extension XMLScanner {
  /// What follows the `&` of the predefined entities (4.6).
  private static let predefined: [(name: StaticString, scalar: Unicode.Scalar)] = [
    ("lt;", "<"), ("gt;", ">"), ("amp;", "&"), ("quot;", "\""), ("apos;", "'"),
  ]

  /// Resolves the reference that stands next (productions [66] and [68]).
  mutating func scanReference() throws -> XMLReference {
    input.at += 1
    if try input.peek() == 0x23 { return .character(try scanCharacterReference()) }
    for entity in Self.predefined where try take(entity.name) { return .character(entity.scalar) }
    let name = try scanNameText("behind '&', which is written &amp; where it is meant")
    try require(0x3B, "at the end of the reference &\(name)")
    if let text = entities[name] { return .text(text) }
    let kind = hasDoctype ? DataFault.Kind.unsupported : .malformed
    throw input.fault(kind, "the entity &\(name); is not expanded here; only lt, gt, amp, apos, quot and &#…; are")
  }

  private mutating func scanCharacterReference() throws -> Unicode.Scalar {
    input.at += 1
    let isHexadecimal = try input.peek() == 0x78
    if isHexadecimal { input.at += 1 }
    var value: UInt32 = 0
    var hasDigits = false
    while let byte = try input.peek(), let digit = Self.digit(byte), isHexadecimal || digit < 10 {
      hasDigits = true
      // Beyond what Unicode has, more digits change nothing.
      value = min(value * (isHexadecimal ? 16 : 10) + digit, 0x110000)
      input.at += 1
    }
    guard hasDigits else { throw input.fault("a digit is expected in the character reference, not \(try shownNext())") }
    try require(0x3B, "at the end of the character reference")
    guard XMLCharacters.isAllowed(value), let scalar = Unicode.Scalar(value) else {
      let shown = value < 0x110000 ? XMLCharacters.shown(value) : "that is beyond Unicode"
      throw input.fault("the character reference is to a character (\(shown)) that XML 1.0 does not allow")
    }
    return scalar
  }

  private static func digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte - 0x30)
    case 0x61...0x66: UInt32(byte - 0x61 + 10)
    case 0x41...0x46: UInt32(byte - 0x41 + 10)
    default: nil
    }
  }
}
