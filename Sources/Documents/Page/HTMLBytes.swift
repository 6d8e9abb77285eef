/// Text as HTML says it.
extension [UInt8] {
  mutating func put(_ text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func put(_ text: String) { append(contentsOf: text.utf8) }

  /// Appends text with what means something in HTML made harmless, in text and in values in double quotes.
  mutating func put(escaping text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): put("&amp;" as StaticString)
      case UInt8(ascii: "<"): put("&lt;" as StaticString)
      case UInt8(ascii: ">"): put("&gt;" as StaticString)
      case UInt8(ascii: "\""): put("&quot;" as StaticString)
      default: append(byte)
      }
    }
  }
}
