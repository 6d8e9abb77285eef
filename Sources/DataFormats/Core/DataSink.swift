/// Takes the values of a document in order, as a reader finds them; what is written as each comes needs no tree.
package protocol DataSink {
  mutating func startObject() throws
  /// The name of the member that follows, inside an object.
  mutating func name(_ name: String) throws
  mutating func endObject() throws
  mutating func startArray() throws
  mutating func endArray() throws
  mutating func scalar(_ value: DataScalar) throws
}
