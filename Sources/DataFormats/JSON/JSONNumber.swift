/// The spelling of numbers in JSON (RFC 8259 section 6).
package enum JSONNumber {
  /// Whether the whole text is one.
  package static func isWhole(_ text: UnsafeRawBufferPointer) -> Bool {
    var at = 0
    func byte() -> UInt8 { at < text.count ? text[at] : 0 }
    func digits() -> Int {
      let first = at
      while byte() &- 0x30 < 10 { at += 1 }
      return at - first
    }
    if byte() == UInt8(ascii: "-") { at += 1 }
    let startsWithZero = byte() == UInt8(ascii: "0")
    let count = digits()
    guard count == 1 || count > 1 && !startsWithZero else { return false }
    if byte() == UInt8(ascii: ".") {
      at += 1
      guard digits() > 0 else { return false }
    }
    if byte() | 0x20 == UInt8(ascii: "e") {
      at += 1
      if byte() == UInt8(ascii: "+") || byte() == UInt8(ascii: "-") { at += 1 }
      guard digits() > 0 else { return false }
    }
    return at == text.count
  }
}
