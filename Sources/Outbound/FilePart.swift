/// Bytes of a file that are sent as the body of a request.
package struct FilePart: Sendable {
  /// Open for reading; it stays the caller's.
  package let descriptor: Int32
  package let offset: Int64
  package let count: Int64

  package init(descriptor: Int32, offset: Int64, count: Int64) {
    self.descriptor = descriptor
    self.offset = offset
    self.count = count
  }
}
