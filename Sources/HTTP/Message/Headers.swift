/// Header fields in their order, kept as the bytes of the wire: "Name: value" lines with CRLF.
package struct Headers: Sendable {
  /// Where one field lies in the bytes.
  struct Field: Sendable {
    var name: Range<Int32>
    var value: Range<Int32>
  }

  private(set) var bytes: [UInt8]
  private(set) var fields: [Field]

  package init() {
    bytes = []
    fields = []
  }

  /// Takes fields that a parser found in `bytes`.
  init(bytes: [UInt8], fields: [Field]) {
    self.bytes = bytes
    self.fields = fields
  }

  package init(_ pairs: [(name: HeaderName, value: String)]) {
    self.init()
    for pair in pairs { append(pair.name, pair.value) }
  }

  package var count: Int { fields.count }

  /// The first value under the name; nil when there is none.
  package subscript(name: HeaderName) -> String? {
    bytes.withUnsafeBytes { bytes in
      for field in fields where name.matches(bytes.slice(field.name)) {
        return Headers.text(bytes.slice(field.value))
      }
      return nil
    }
  }

  /// Every value under the name, in order.
  package func values(of name: HeaderName) -> [String] {
    bytes.withUnsafeBytes { bytes in
      fields.filter { name.matches(bytes.slice($0.name)) }
        .map { Headers.text(bytes.slice($0.value)) }
    }
  }

  /// A value as text; a byte beyond ASCII is a letter of ISO 8859-1, as it was once defined to be (RFC 9110 section 5.5).
  ///
  /// Nothing here has such bytes, and as UTF-8 they could be a run of marks that is slow to compare with anything.
  private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
    return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }

  package func contains(_ name: HeaderName) -> Bool {
    bytes.withUnsafeBytes { bytes in
      fields.contains { name.matches(bytes.slice($0.name)) }
    }
  }

  /// Adds a field; a control character in the value becomes a space, so that none can end the line.
  package mutating func append(_ name: HeaderName, _ value: String) {
    let nameStart = Int32(bytes.count)
    name.text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    let nameEnd = Int32(bytes.count)
    bytes.append(.colon)
    bytes.append(.space)
    let valueStart = Int32(bytes.count)
    for byte in value.utf8 { bytes.append(byte.isFieldValue ? byte : .space) }
    fields.append(Field(name: nameStart..<nameEnd, value: valueStart..<Int32(bytes.count)))
    bytes.append(.carriageReturn)
    bytes.append(.lineFeed)
  }

  /// Replaces every field of that name by one.
  package mutating func set(_ name: HeaderName, _ value: String) {
    if contains(name) { remove(name) }
    append(name, value)
  }

  package mutating func remove(_ name: HeaderName) {
    bytes.withUnsafeBytes { bytes in
      fields.removeAll { name.matches(bytes.slice($0.name)) }
    }
  }

  /// Removes every field with a name that is known only when the server runs; gives their values.
  mutating func take(_ name: [UInt8]) -> [String] {
    bytes.withUnsafeBytes { bytes in
      var values: [String] = []
      fields.removeAll { field in
        let found = bytes.slice(field.name)
        guard found.elementsEqual(name, by: { $0.lowercased == $1.lowercased }) else { return false }
        values.append(Headers.text(bytes.slice(field.value)))
        return true
      }
      return values
    }
  }

  /// Adds every field of the other list whose name is not here yet.
  package mutating func fill(from other: Headers) {
    other.bytes.withUnsafeBytes { bytes in
      for field in other.fields {
        let isKnown = self.bytes.withUnsafeBytes { own in
          fields.contains {
            own.slice($0.name).elementsEqual(bytes.slice(field.name)) { $0.lowercased == $1.lowercased }
          }
        }
        if !isKnown { copy(field, of: bytes) }
      }
    }
  }

  private mutating func copy(_ field: Field, of source: UnsafeRawBufferPointer) {
    let shift = Int32(bytes.count) - field.name.lowerBound
    bytes.append(contentsOf: source[Int(field.name.lowerBound)..<Int(field.value.upperBound)])
    bytes.append(.carriageReturn)
    bytes.append(.lineFeed)
    fields.append(
      Field(
        name: (field.name.lowerBound + shift)..<(field.name.upperBound + shift),
        value: (field.value.lowerBound + shift)..<(field.value.upperBound + shift)))
  }

  /// Writes the lines, without those that the server writes itself.
  func write(to output: inout [UInt8]) {
    bytes.withUnsafeBytes { bytes in
      for field in fields {
        let name = bytes.slice(field.name)
        if Headers.isOwn(name) { continue }
        output.append(contentsOf: bytes[Int(field.name.lowerBound)..<Int(field.value.upperBound)])
        output.append(.carriageReturn)
        output.append(.lineFeed)
      }
    }
  }

  /// Framing, date, request id and the ban on guessing types are the connection's to say.
  private static func isOwn(_ name: UnsafeRawBufferPointer) -> Bool {
    switch name.count {
    case 4: HeaderName.date.matches(name)
    case 10: HeaderName.connection.matches(name)
    case 12: HeaderName.requestID.matches(name)
    case 14: HeaderName.contentLength.matches(name)
    case 17: HeaderName.transferEncoding.matches(name)
    case 22: HeaderName.contentTypeOptions.matches(name)
    default: false
    }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func slice(_ range: Range<Int32>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: self[Int(range.lowerBound)..<Int(range.upperBound)])
  }
}
