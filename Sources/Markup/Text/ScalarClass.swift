/// What the rules of emphasis want to know of a character (CommonMark 0.31, section 2.1).
enum ScalarClass {
  case whitespace
  case punctuation
  case other

  /// The class of the character that begins at a place; the end of the text counts as whitespace.
  static func at(_ place: Int, in text: ByteView) -> ScalarClass {
    guard place >= 0, place < text.count else { return .whitespace }
    let first = text[place]
    guard first >= 0x80 else { return ofASCII(first) }
    var decoder = UTF8()
    var bytes = text.slice(place..<place + 4).makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&bytes) else { return .other }
    return of(scalar)
  }

  /// The class of the character that ends before a place; the start of the text counts as whitespace.
  static func before(_ place: Int, in text: ByteView) -> ScalarClass {
    var start = place - 1
    guard start >= 0 else { return .whitespace }
    while start > 0, place - start < 4, text[start] & 0xC0 == 0x80 { start -= 1 }
    return at(start, in: text)
  }

  @inline(__always)
  private static func ofASCII(_ byte: UInt8) -> ScalarClass {
    ASCII.isSpace(byte) ? .whitespace : ASCII.isPunctuation(byte) ? .punctuation : .other
  }

  private static func of(_ scalar: Unicode.Scalar) -> ScalarClass {
    switch scalar.properties.generalCategory {
    case .spaceSeparator: .whitespace
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
      .punctuation
    default: .other
    }
  }
}
