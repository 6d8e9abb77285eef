/// One of the two files of a redo log, as it is known in memory.
struct RedoSegment {
  /// Small, so that what it holds is soon synced and a start has little to look through.
  static let mostBytes = 4 << 20

  /// The open file.
  let descriptor: Int32
  /// Grows each time the file is begun anew, so that what is left of a turn before is known.
  var turn: UInt64 = 0
  /// Bytes that are given to records of this turn.
  var end = 0
  /// Bytes that hold anything.
  var highest = 0
  /// The files whose records it has.
  var blobs: [String] = []
  /// Placements that have written a record and not yet renamed their files.
  var placing = 0
  /// True while a record may not be on disk.
  var isDirty = false
  /// True while its files are being synced, for then it takes no record.
  var isSettling = false

  /// True when so many bytes more have room in it.
  func takes(_ bytes: Int) -> Bool { !isSettling && end + bytes <= RedoSegment.mostBytes }
}
