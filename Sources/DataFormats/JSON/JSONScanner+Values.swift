extension JSONScanner {
  /// Tells the value whose first byte is next, with all that is in it.
  ///
  /// What is open is kept in a list that `limits.depth` bounds, and not on the stack of calls.
  mutating func value(_ first: UInt8, _ names: inout OpenNames?, into sink: inout some DataSink) throws {
    var open: [Bool] = []
    var byte = first
    while true {
      if try begin(byte, &open, &names, into: &sink) {
        byte = try need("a value")
        continue
      }
      while true {
        guard let isObject = open.last else { return }
        byte = try need(isObject ? "‘,’ or ‘}’" : "‘,’ or ‘]’")
        if byte == UInt8(ascii: ",") {
          at += 1
          if isObject {
            guard try need("a name") == 0x22 else { throw try unexpected("a name in quotes after the comma") }
            try name(&names, into: &sink)
          }
          byte = try need("a value")
          break
        }
        guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
          throw try unexpected(isObject ? "‘,’ or ‘}’ after a member" : "‘,’ or ‘]’ after a value")
        }
        try end(&open, &names, into: &sink)
      }
    }
  }

  /// Tells a value without parts, or the beginning of one whose first part comes next, which is answered by true.
  @inline(__always)
  private mutating func begin(
    _ byte: UInt8, _ open: inout [Bool], _ names: inout OpenNames?, into sink: inout some DataSink
  ) throws -> Bool {
    switch byte {
    case 0x22:
      at += 1
      try sink.string(utf8: string())
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      return try beginContainer(byte == UInt8(ascii: "{"), &open, &names, into: &sink)
    case UInt8(ascii: "-"), 0x30...0x39: try sink.number(ascii: number())
    case 0x61...0x7A: try sink.scalar(literal())
    default: throw try unexpected("a value")
    }
    return false
  }

  private mutating func beginContainer(
    _ isObject: Bool, _ open: inout [Bool], _ names: inout OpenNames?, into sink: inout some DataSink
  ) throws -> Bool {
    guard open.count < limits.depth else {
      throw try fault("more than \(limits.depth) arrays and objects stand inside each other", .tooLarge)
    }
    at += 1
    open.append(isObject)
    if isObject { try sink.startObject() } else { try sink.startArray() }
    if isObject { names?.begin() }
    let next = try need(isObject ? "a name or ‘}’" : "a value or ‘]’")
    if next == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
      try end(&open, &names, into: &sink)
      return false
    }
    guard isObject else { return true }
    guard next == 0x22 else { throw try unexpected("a name in quotes or ‘}’") }
    try name(&names, into: &sink)
    return true
  }

  @inline(__always)
  private mutating func end(_ open: inout [Bool], _ names: inout OpenNames?, into sink: inout some DataSink) throws {
    at += 1
    if open.removeLast() {
      names?.end()
      try sink.endObject()
    } else {
      try sink.endArray()
    }
  }

  /// Tells the name whose quote is next, and passes the colon.
  @inline(__always)
  private mutating func name(_ names: inout OpenNames?, into sink: inout some DataSink) throws {
    at += 1
    let text = try string()
    if names != nil, let problem = names?.add(String(decoding: text, as: UTF8.self), limits) {
      throw try fault(problem.1, problem.0)
    }
    try sink.name(utf8: text)
    guard try need("‘:’") == UInt8(ascii: ":") else { throw try unexpected("‘:’ after a name") }
    at += 1
  }
}
