/// Writes JSON as it is told, with no escapes beyond the necessary ones (RFC 8259 section 7); moments become strings.
///
/// No line's end is written behind the last value, but in JSON Lines.
package struct JSONDocumentWriter: DataWriter {
  private let drain: ByteDrain
  private let layout: JSONLayout
  private let indent: Int
  /// A line's end and the blanks of the deepest level so far.
  private var margin: [UInt8] = [0x0A]
  private var depth = 0
  /// The depth of what has a line of its own in JSON Lines.
  private var lineDepth = 0
  /// Nothing stands yet in the innermost array or object.
  private var isFirst = true
  private var isAfterName = false

  package init(_ drain: ByteDrain, layout: JSONLayout = .indented(2)) {
    self.drain = drain
    self.layout = layout
    if case .indented(let blanks) = layout { indent = blanks } else { indent = -1 }
  }

  package mutating func startObject() throws {
    try begin()
    try drain.put(UInt8(ascii: "{"))
    enter()
  }

  package mutating func endObject() throws { try leave(UInt8(ascii: "}")) }

  package mutating func startArray() throws {
    if layout == .lines && depth == 0 {
      lineDepth = 1
      return enter()
    }
    try begin()
    try drain.put(UInt8(ascii: "["))
    enter()
  }

  package mutating func endArray() throws {
    if depth == lineDepth && depth > 0 {
      depth = 0
    } else {
      try leave(UInt8(ascii: "]"))
    }
  }

  package mutating func name(_ name: String) throws {
    var name = name
    try name.withUTF8 { try self.name(utf8: UnsafeRawBufferPointer($0)) }
  }

  package mutating func name(utf8: UnsafeRawBufferPointer) throws {
    if !isFirst { try drain.put(UInt8(ascii: ",")) }
    try breakLine()
    try JSONText.put(utf8, drain)
    try drain.put(UInt8(ascii: ":"))
    if indent >= 0 { try drain.put(UInt8(ascii: " ")) }
    isAfterName = true
  }

  package mutating func string(utf8: UnsafeRawBufferPointer) throws {
    try begin()
    try JSONText.put(utf8, drain)
    try end()
  }

  package mutating func number(ascii: UnsafeRawBufferPointer) throws {
    try begin()
    try drain.put(ascii)
    try end()
  }

  /// Throws `DataFault` for infinity and what is no number.
  package mutating func scalar(_ value: DataScalar) throws {
    switch value {
    case .infinity: throw DataFault(.unsupported, "infinity has no JSON form")
    case .notANumber: throw DataFault(.unsupported, "NaN (not a number) has no JSON form")
    default: break
    }
    try begin()
    switch value {
    case .null: try drain.put("null" as StaticString)
    case .bool(let isTrue): try drain.put(isTrue ? "true" : "false" as StaticString)
    case .number(let text): try drain.put(text)
    case .string(var text), .moment(var text):
      try text.withUTF8 { try JSONText.put(UnsafeRawBufferPointer($0), drain) }
    case .infinity, .notANumber: break
    }
    try end()
  }

  package mutating func finish() throws {}

  /// What comes before a value: nothing behind a name or in front of a line.
  @inline(__always)
  private mutating func begin() throws {
    if isAfterName {
      isAfterName = false
    } else if depth > lineDepth {
      if !isFirst { try drain.put(UInt8(ascii: ",")) }
      try breakLine()
    }
  }

  @inline(__always)
  private mutating func end() throws {
    isFirst = false
    if layout == .lines && depth == lineDepth { try drain.put(0x0A) }
  }

  @inline(__always)
  private mutating func enter() {
    depth += 1
    isFirst = true
  }

  private mutating func leave(_ mark: UInt8) throws {
    depth -= 1
    if !isFirst { try breakLine() }
    try drain.put(mark)
    try end()
  }

  @inline(__always)
  private mutating func breakLine() throws {
    guard indent >= 0 else { return }
    let count = 1 + depth * indent
    while margin.count < count { margin.append(0x20) }
    try margin.withUnsafeBytes { try drain.put(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }
}
