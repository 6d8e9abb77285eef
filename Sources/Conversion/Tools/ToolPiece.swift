/// A part of a file that is put together for a program, or of what it has made, without going through memory.
package enum ToolPiece: Sendable {
  case bytes([UInt8])
  /// The bytes of a file of the folder from a place on; at most so many, or up to its end.
  case part(of: String, from: Int64, count: Int64? = nil)
}
