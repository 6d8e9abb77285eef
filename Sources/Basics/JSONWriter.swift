/// Writes JSON straight to bytes, without an intermediate tree.
package struct JSONWriter: ~Copyable {
  package private(set) var bytes: [UInt8] = []
  private var needsComma = false

  package init(capacity: Int = 512) {
    bytes.reserveCapacity(capacity)
  }

  package mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
    try enclosed(0x7B, 0x7D, body)
  }

  /// Begins an object that `close` ends, where a closure cannot.
  package mutating func open() {
    separate()
    bytes.append(0x7B)
    needsComma = false
  }

  package mutating func close() {
    bytes.append(0x7D)
    needsComma = true
  }

  package mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
    try enclosed(0x5B, 0x5D, body)
  }

  package mutating func member(_ name: StaticString, object body: (inout JSONWriter) throws -> Void) rethrows {
    key(name)
    try object(body)
  }

  package mutating func member(_ name: StaticString, array body: (inout JSONWriter) throws -> Void) rethrows {
    key(name)
    try array(body)
  }

  package mutating func member(_ name: StaticString, _ value: String?) {
    key(name)
    if let value { string(value) } else { null() }
  }

  package mutating func member(_ name: StaticString, _ value: Int64?) {
    key(name)
    if let value { number(value) } else { null() }
  }

  package mutating func member(_ name: StaticString, _ value: Int) {
    key(name)
    number(Int64(value))
  }

  package mutating func member(_ name: StaticString, _ value: Bool) {
    key(name)
    boolean(value)
  }

  package mutating func member(_ name: StaticString, _ value: JSONValue) {
    key(name)
    self.value(value)
  }

  /// A member whose name is not known when the code is written.
  package mutating func member(_ name: String, _ value: String) {
    key(name)
    string(value)
  }

  /// A member whose name is not known when the code is written.
  package mutating func member(_ name: String, _ value: JSONValue) {
    key(name)
    self.value(value)
  }

  package mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .boolean(let flag): boolean(flag)
    case .integer(let integer): number(integer)
    case .number(let double): number(double)
    case .string(let text): string(text)
    case .array(let elements): array { for element in elements { $0.value(element) } }
    case .object(let members):
      object {
        for (name, element) in members {
          $0.key(name)
          $0.value(element)
        }
      }
    }
  }

  package mutating func null() { literal("null") }

  package mutating func boolean(_ flag: Bool) {
    if flag { literal("true") } else { literal("false") }
  }

  package mutating func number(_ value: Int64) {
    separate()
    bytes.append(contentsOf: String(value).utf8)
  }

  /// A number that JSON cannot hold (infinite or not a number) is written as null.
  package mutating func number(_ value: Double) {
    guard value.isFinite else { return null() }
    separate()
    let whole = Int64(exactly: value)
    bytes.append(contentsOf: (whole.map { String($0) } ?? value.description).utf8)
  }

  package mutating func string(_ text: String) {
    separate()
    quote(text)
  }

  private mutating func key(_ name: StaticString) {
    separate()
    bytes.append(0x22)
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(0x22)
    bytes.append(0x3A)
    needsComma = false
  }

  private mutating func key(_ name: String) {
    separate()
    quote(name)
    bytes.append(0x3A)
    needsComma = false
  }

  private mutating func literal(_ word: StaticString) {
    separate()
    word.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  private mutating func separate() {
    if needsComma { bytes.append(0x2C) }
    needsComma = true
  }

  private mutating func enclosed(
    _ opening: UInt8, _ closing: UInt8, _ body: (inout JSONWriter) throws -> Void
  ) rethrows {
    separate()
    bytes.append(opening)
    needsComma = false
    try body(&self)
    bytes.append(closing)
    needsComma = true
  }

  /// Escapes what RFC 8259 section 7 demands, and U+2028 and U+2029, which old JavaScript reads as line ends.
  private mutating func quote(_ text: String) {
    bytes.append(0x22)
    var text = text
    text.withUTF8 { source in
      var start = 0
      var index = 0
      while index < source.count {
        let byte = source[index]
        var escape: StaticString?
        var length = 1
        switch byte {
        case 0x22: escape = "\\\""
        case 0x5C: escape = "\\\\"
        case 0x0A: escape = "\\n"
        case 0x0D: escape = "\\r"
        case 0x09: escape = "\\t"
        case 0..<0x20: escape = "\\u00"
        case 0xE2 where index + 2 < source.count && source[index + 1] == 0x80 && source[index + 2] & 0xFE == 0xA8:
          escape = source[index + 2] == 0xA8 ? "\\u2028" : "\\u2029"
          length = 3
        default: break
        }
        if let escape {
          bytes.append(contentsOf: source[start..<index])
          escape.withUTF8Buffer { bytes.append(contentsOf: $0) }
          if byte < 0x20 && escape.utf8CodeUnitCount == 4 {
            bytes.append(byte >> 4 == 0 ? 0x30 : 0x31)
            let low = byte & 15
            bytes.append(low < 10 ? 0x30 + low : 0x57 + low)
          }
          start = index + length
        }
        index += length
      }
      bytes.append(contentsOf: source[start..<source.count])
    }
    bytes.append(0x22)
  }
}
