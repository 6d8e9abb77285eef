/// Takes the values of a document in order, as a reader finds them; what is written as each comes needs no tree.
package protocol DataSink {
  mutating func startObject() throws
  /// The name of the member that follows, inside an object.
  mutating func name(_ name: String) throws
  mutating func endObject() throws
  mutating func startArray() throws
  mutating func endArray() throws
  mutating func scalar(_ value: DataScalar) throws

  /// As `name`, from valid UTF-8 that is there for the call only.
  mutating func name(utf8: UnsafeRawBufferPointer) throws
  /// As `scalar(.string)`, from valid UTF-8 that is there for the call only.
  mutating func string(utf8: UnsafeRawBufferPointer) throws
  /// As `scalar(.number)`, from a spelling of JSON that is there for the call only.
  mutating func number(ascii: UnsafeRawBufferPointer) throws
}

/// What readers of bytes call costs a sink that wants strings one string each, and no code.
extension DataSink {
  package mutating func name(utf8: UnsafeRawBufferPointer) throws {
    try name(String(decoding: utf8, as: UTF8.self))
  }

  package mutating func string(utf8: UnsafeRawBufferPointer) throws {
    try scalar(.string(String(decoding: utf8, as: UTF8.self)))
  }

  package mutating func number(ascii: UnsafeRawBufferPointer) throws {
    try scalar(.number(String(decoding: ascii, as: UTF8.self)))
  }
}
