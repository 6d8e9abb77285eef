import Basics
import Glibc

/// The data directory at one moment, in a directory of the spool: a copy of the database, and a second name for every
/// file that a row of it names, so that nothing which happens later can take one away.
package struct Snapshot: Sendable {
  package let path: String
  package let header: BackupHeader
  /// Blobs that a row names and that were not on disk.
  package let missing: [String]

  /// One that another process made and described.
  package init(path: String, header: BackupHeader, missing: [String]) {
    self.path = path
    self.header = header
    self.missing = missing
  }

  static let prefix = "backup-"

  /// Makes one; deletions of blobs wait until every name is taken, which is as long as the copy of the database.
  static func make(of store: Store, at now: Timestamp, entropy: Entropy) throws -> Snapshot {
    let path = try store.spool.makeFolder(prefix + Hexadecimal.encode(entropy.bytes(8)))
    do {
      return try store.blobs.holdingDeletions { try fill(path, from: store, at: now) }
    } catch {
      store.spool.leave(path)
      try? FileTree.remove(path)
      throw error
    }
  }

  /// Removes one by the last part of its path; false when there is none.
  static func remove(_ name: String, in spool: Spool) throws -> Bool {
    let path = spool.path + "/" + name
    guard name.hasPrefix(prefix), !name.contains("/"), try FileTree.exists(path) else { return false }
    spool.leave(path)
    try FileTree.remove(path)
    return true
  }

  private static func fill(_ path: String, from store: Store, at now: Timestamp) throws -> Snapshot {
    let databasePath = path + "/wonder.db"
    try DatabaseCopy.make(ofFile: store.directory.databasePath, at: databasePath)
    try link(store.directory.keyPath, to: path + "/secret.key")
    var total = try FileBytes.size(databasePath) + FileBytes.size(path + "/secret.key")
    let copy = try Database(path: databasePath, mode: .reading)
    var missing: [String] = []
    var count: Int64 = 0
    try NamedFile.each(in: copy) { file in
      do {
        try link(store.blobs.path(file.blob), to: path + "/" + file.blob)
        total += try FileBytes.size(path + "/" + file.blob)
        count += 1
      } catch let failure as SystemFailure {
        guard failure.code == ENOENT else { throw failure }
        missing.append(file.blob)
      }
    }
    let header = BackupHeader(
      createdAt: "\(now)", schema: try Migrations.version(of: copy), files: count, bytes: total)
    copy.close()
    for suffix in ["-wal", "-shm"] { try FileTree.remove(databasePath + suffix) }
    return Snapshot(path: path, header: header, missing: missing)
  }

  /// A second name for the same file, or a copy where the file system has no such thing.
  private static func link(_ path: String, to target: String) throws(SystemFailure) {
    if Glibc.link(path, target) == 0 { return }
    let reason = errno
    guard [EPERM, EOPNOTSUPP, EMLINK].contains(reason) else { throw SystemFailure("link", path, code: reason) }
    try FileBytes.copy(path, to: target)
  }
}
