import Basics
import Glibc

/// Brings back at a start what a loss of power has taken from small files, out of the redo log.
struct RedoReplay {
  /// Where the log is.
  let folder: String
  /// Where the files are.
  let files: String
  /// What the records of this data directory begin with.
  let mark: UInt64

  /// Writes again each file that `named` has and that is not what the log says, syncs all, and empties the log; gives how many were
  /// written.
  ///
  /// A file that is longer than its record was added to. `named` is asked when a file is missing or differs, and only then.
  func run(named: () throws -> Set<String>) throws -> Int {
    var names: Set<String>?
    var kept: [String] = []
    var written = 0
    for path in RedoLog.paths(in: folder) where try FileTree.exists(path) {
      try records(of: path) { blob, bytes in
        let file = "\(files)/\(blob.prefix(2))/\(blob)"
        if try !isWhole(file, bytes) {
          let known = try names ?? named()
          names = known
          guard known.contains(blob) else { return }
          try write(bytes, to: file)
          written += 1
        }
        kept.append(file)
      }
    }
    try SharedSync.sync(kept, mayBeGone: true)
    try SharedSync.sync(Set(kept.map(FileBytes.directory)).sorted(), mayBeGone: true)
    for path in RedoLog.paths(in: folder) where try FileTree.exists(path) {
      try check("truncate", path) { truncate(path, 0) }
    }
    return written
  }

  /// The records of the newest turn, and none that an earlier one has left.
  private func records(of path: String, _ body: (String, UnsafeRawBufferPointer) throws -> Void) throws {
    var bytes = try FileBytes.read(path, atMost: min(RedoSegment.mostBytes, Int(FileBytes.size(path))))
    try bytes.withUnsafeMutableBytes { bytes in
      let begin = RedoRecord.mark(in: bytes, now: mark)
      var found: [RedoRecord] = []
      var place = 0
      while place < bytes.count {
        let record = RedoRecord(bytes, at: place, mark: begin)
        if let record { found.append(record) }
        // Within a whole record nothing is one, whatever it looks like.
        place += record.map { RedoRecord.bytes(for: $0.content.count) } ?? RedoRecord.page
      }
      let newest = found.map(\.turn).max()
      for record in found where record.turn == newest {
        try body(record.blob, UnsafeRawBufferPointer(rebasing: bytes[record.content]))
      }
    }
  }

  private func isWhole(_ path: String, _ bytes: UnsafeRawBufferPointer) throws -> Bool {
    guard try FileTree.exists(path) else { return false }
    let size = try FileBytes.size(path)
    guard size == bytes.count else { return size > bytes.count }
    let found = try FileBytes.read(path, atMost: bytes.count)
    return found.withUnsafeBytes { $0.elementsEqual(bytes) }
  }

  private func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws {
    let descriptor = try check("open", path) { open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600) }
    defer { close(descriptor) }
    try FileBytes.writeAll(bytes, to: descriptor, named: path)
  }
}
