/// Walks through a field value of the form `kind; name=value; name="quoted value"` (RFC 9110 section 5.6.6).
struct HeaderParameters {
  struct Parameter {
    /// In lower case.
    let name: String
    let value: [UInt8]
    let isQuoted: Bool
  }

  /// What stands before the first semicolon, in lower case.
  let kind: String
  private let bytes: UnsafeRawBufferPointer
  private var offset: Int

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    offset = bytes.firstIndex(of: 0x3B) ?? bytes.count
    kind = bytes.text(bytes.trimmed(0..<offset)).lowercased()
  }

  /// The next parameter, nil at the end; one whose name is not a token is skipped.
  mutating func next() throws(HTTPFailure) -> Parameter? {
    while offset < bytes.count {
      offset += 1
      let start = offset
      while offset < bytes.count, bytes[offset] != 0x3D, bytes[offset] != 0x3B { offset += 1 }
      let name = bytes.trimmed(start..<offset)
      guard offset < bytes.count, bytes[offset] == 0x3D else { continue }
      offset += 1
      let isQuoted = offset < bytes.count && bytes[offset] == 0x22
      let value = isQuoted ? try quotedValue() : plainValue()
      guard !name.isEmpty, bytes[name].allSatisfy(\.isToken) else { continue }
      return Parameter(name: bytes.text(name).lowercased(), value: value, isQuoted: isQuoted)
    }
    return nil
  }

  private mutating func plainValue() -> [UInt8] {
    let start = offset
    while offset < bytes.count, bytes[offset] != 0x3B { offset += 1 }
    return Array(bytes[bytes.trimmed(start..<offset)])
  }

  /// A backslash escapes a quote or a backslash only: browsers once sent whole Windows paths.
  private mutating func quotedValue() throws(HTTPFailure) -> [UInt8] {
    var value: [UInt8] = []
    offset += 1
    // Nearly every value is without a backslash, and is then copied at once.
    var end = offset
    while end < bytes.count, bytes[end] != 0x22, bytes[end] != 0x5C { end += 1 }
    value.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[offset..<end]))
    offset = end
    while offset < bytes.count, bytes[offset] != 0x22 {
      if bytes[offset] == 0x5C, offset + 1 < bytes.count, bytes[offset + 1] == 0x22 || bytes[offset + 1] == 0x5C {
        offset += 1
      }
      value.append(bytes[offset])
      offset += 1
    }
    guard offset < bytes.count else { throw .badForm("a quoted value has no end") }
    offset += 1
    while offset < bytes.count, bytes[offset] == .space || bytes[offset] == .tab { offset += 1 }
    guard offset == bytes.count || bytes[offset] == 0x3B else { throw .badForm("text follows a quoted value") }
    return value
  }
}
