package import Basics
import Glibc

/// The one file of a backup: a tar archive whose last member is a list for `sha256sum -c`.
package enum BackupFile {
  /// Bytes done and bytes altogether; what it throws ends the work.
  package typealias Progress = (_ done: Int64, _ total: Int64) throws -> Void

  /// Writes a snapshot to `path`: aside (mode 0600; `path.part` where nothing else is said), synced, then renamed over what
  /// was there.
  package static func write(
    _ snapshot: Snapshot, to path: String, aside: String? = nil, at now: Timestamp, progress: Progress
  ) throws {
    let aside = aside ?? path + ".part"
    try FileTree.remove(aside)
    let descriptor = try check("open", path) { open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
    do {
      defer { close(descriptor) }
      var archive = Archive(
        descriptor: descriptor, name: aside, modified: now.milliseconds / 1000, total: snapshot.header.bytes)
      try archive.fill(from: snapshot, progress)
      try check("fsync", aside) { fsync(descriptor) }
      try check("rename", path) { rename(aside, path) }
      try FileBytes.sync(FileBytes.directory(of: path))
    } catch {
      unlink(aside)
      throw error
    }
  }

  /// The archive in the making, with the sums of what is in it so far.
  private struct Archive {
    let descriptor: Int32
    let name: String
    let modified: Int64
    let total: Int64
    private var sums: [UInt8] = []
    private var done: Int64 = 0
    /// Bytes of the archive, and how many of them are on the disk.
    private var written: Int64 = 0
    private var synced: Int64 = 0
    private let gate = SyncGate()
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)

    init(descriptor: Int32, name: String, modified: Int64, total: Int64) {
      self.descriptor = descriptor
      self.name = name
      self.modified = modified
      self.total = total
    }

    mutating func fill(from snapshot: Snapshot, _ progress: Progress) throws {
      try add(.header, snapshot.header.json)
      try add(.database, from: snapshot.path + "/wonder.db", progress)
      try add(.key, from: snapshot.path + "/secret.key", progress)
      let names = try FileTree.names(in: snapshot.path).sorted()
      let blobs = names.filter { $0 != "wonder.db" && $0 != "secret.key" }
      for blob in blobs { try add(.blob(blob), from: snapshot.path + "/" + blob, progress) }
      guard Int64(blobs.count) == snapshot.header.files && done == total else {
        throw BackupFailure.changedMeanwhile(
          "\(blobs.count) files with \(done) bytes, and not \(snapshot.header.files) with \(total)")
      }
      try add(.sums, sums)
      try write([UInt8](repeating: 0, count: 2 * TarHeader.blockSize))
    }

    private mutating func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

    /// What is written goes to the disk as the archive grows: with gigabytes left to the sync at the end, every sync of the
    /// server's would wait behind them.
    private mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
      try FileBytes.writeAll(bytes, to: descriptor, named: name)
      written += Int64(bytes.count)
      let whole = written - written % SyncGate.piece
      guard whole > synced else { return }
      try gate.write(descriptor, from: synced, upTo: whole, named: name)
      synced = whole
    }

    private mutating func add(_ entry: BackupEntry, _ bytes: [UInt8]) throws {
      let size = Int64(bytes.count)
      let header = TarHeader(name: entry.name, size: size, modified: modified).bytes
      let padding = [UInt8](repeating: 0, count: TarHeader.padding(after: size))
      try write(header + bytes + padding)
      note(entry, SHA256.digest(bytes))
    }

    private mutating func add(_ entry: BackupEntry, from path: String, _ progress: Progress) throws {
      let source = try check("open", path) { open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
      defer { close(source) }
      let size = try FileBytes.size(path)
      try write(TarHeader(name: entry.name, size: size, modified: modified).bytes)
      var hash = SHA256()
      var left = size
      while left > 0 {
        let wanted = Int(min(left, Int64(buffer.count)))
        let count = try check("read", path) { read(source, &buffer, wanted) }
        guard count > 0 else { throw SystemFailure("read", path, code: EIO) }
        try buffer.withUnsafeBytes { bytes in
          let piece = UnsafeRawBufferPointer(rebasing: bytes[..<count])
          hash.update(piece)
          try write(piece)
        }
        left -= Int64(count)
        done += Int64(count)
        try progress(done, total)
      }
      try write([UInt8](repeating: 0, count: TarHeader.padding(after: size)))
      note(entry, hash.finish())
    }

    private mutating func note(_ entry: BackupEntry, _ digest: [UInt8]) {
      guard entry != .sums else { return }
      sums += Array("\(Hexadecimal.encode(digest))  \(entry.name)\n".utf8)
    }
  }
}
