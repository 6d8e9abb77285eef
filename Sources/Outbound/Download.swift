/// Where the file that is asked for goes, and how much of it there may be.
package struct Download: Sendable {
  /// Open for writing at its end; it stays the caller's.
  package let descriptor: Int32
  package let mostBytes: Int64

  package init(descriptor: Int32, mostBytes: Int64) {
    self.descriptor = descriptor
    self.mostBytes = mostBytes
  }
}
