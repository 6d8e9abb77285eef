/// A sink that makes a document of what it is told.
package protocol DataWriter: DataSink {
  /// The document is complete: what has been kept back is written; the drain is flushed by whom it belongs to.
  mutating func finish() throws
}
