/// Where the file that is asked for goes, and how much of it there may be.
package struct Download: Sendable {
  /// Open for writing at its end; it stays the caller's.
  package let descriptor: Int32
  package let mostBytes: Int64
  /// How many of its bytes are there already: only the rest is asked for.
  package let offset: Int64
  /// Asked before so many bytes are written; throws when they may not be.
  let room: @Sendable (Int64) throws -> Void

  package init(
    descriptor: Int32, mostBytes: Int64, offset: Int64 = 0,
    room: @escaping @Sendable (Int64) throws -> Void = { _ in }
  ) {
    self.room = room
    self.descriptor = descriptor
    self.mostBytes = mostBytes
    self.offset = offset
  }

  /// True for an answer whose body goes where the file ends; `range` is its Content-Range (RFC 9110 section 14.4).
  func takes(_ status: Int, range: [UInt8]?) -> Bool {
    guard offset > 0 else { return true }
    let text = String(decoding: range ?? [], as: UTF8.self).filter { $0 > " " }
    guard status == 206, let slash = text.firstIndex(of: "/"), let size = Int64(text[text.index(after: slash)...]),
      size > offset
    else { return false }
    return text == "bytes\(offset)-\(size - 1)/\(size)"
  }
}
