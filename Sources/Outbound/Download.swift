/// Where the file that is asked for goes, and how much of it there may be.
package struct Download: Sendable {
  /// Open for writing at its end; it stays the caller's.
  package let descriptor: Int32
  package let mostBytes: Int64
  /// Asked before so many bytes are written; throws when they may not be.
  let room: @Sendable (Int64) throws -> Void

  package init(
    descriptor: Int32, mostBytes: Int64, room: @escaping @Sendable (Int64) throws -> Void = { _ in }
  ) {
    self.room = room
    self.descriptor = descriptor
    self.mostBytes = mostBytes
  }
}
