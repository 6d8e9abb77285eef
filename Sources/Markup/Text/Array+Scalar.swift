extension [UInt8] {
  /// Appends a code point in UTF-8, or U+FFFD for one that is none.
  mutating func append(scalar code: UInt32) {
    append(contentsOf: Character(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
  }

  mutating func append(_ text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
