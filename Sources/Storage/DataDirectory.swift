package import Basics
import Glibc

/// The one directory that holds everything; whoever has its lock is its only user.
package final class DataDirectory: Sendable {
  package let path: String
  private let lock: Int32

  package var databasePath: String { path + "/wonder.db" }
  package var filesPath: String { path + "/files" }
  package var spoolPath: String { path + "/spool" }
  package var keyPath: String { path + "/secret.key" }
  package var socketPath: String { path + "/wonder.sock" }
  /// Copies of the database from before its schema changed.
  package var backupsPath: String { path + "/backups" }

  /// Makes the directory when it is missing (mode 0700), takes its lock and empties the spool.
  ///
  /// Throws `StoreFailure.inUse` when another process has the lock, else `SystemFailure`.
  package init(path: String) throws {
    self.path = path
    // SQLite makes its files by the mask; nobody else on the machine may read what is in here.
    umask(0o077)
    try DataDirectory.make(path)
    try check("chmod", path) { chmod(path, 0o700) }
    let lockPath = path + "/lock"
    lock = try check("open", lockPath) { open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      let owner = (try? FileBytes.read(lockPath, atMost: 32)).map { String(decoding: $0, as: UTF8.self) } ?? ""
      close(lock)
      throw StoreFailure.inUse(path: path, owner: owner.isEmpty ? "unknown" : owner)
    }
    ftruncate(lock, 0)
    let owner = Array(String(getpid()).utf8)
    _ = owner.withUnsafeBytes { pwrite(lock, $0.baseAddress, $0.count, 0) }
    try DataDirectory.make(filesPath)
    try DataDirectory.make(spoolPath)
    try FileTree.empty(spoolPath)
  }

  /// Bytes that can still be written.
  package var freeBytes: Int64 {
    var space = statvfs()
    guard statvfs(spoolPath, &space) == 0 else { return 0 }
    return Int64(space.f_bavail) * Int64(space.f_frsize)
  }

  deinit {
    ftruncate(lock, 0)
    close(lock)
  }

  /// The 32 secret bytes behind public identifiers and links, made on first use.
  package func secretKey(_ entropy: Entropy) throws -> [UInt8] {
    if access(keyPath, F_OK) != 0 { try FileBytes.write(entropy.bytes(32), to: keyPath) }
    let key = try FileBytes.read(keyPath, atMost: 64)
    guard key.count == 32 else { throw StoreFailure.damagedKey(path: keyPath) }
    return key
  }

  /// Makes one directory below an existing one; one that is there already is kept.
  static func make(_ path: String) throws(SystemFailure) {
    if mkdir(path, 0o700) != 0 && errno != EEXIST { throw SystemFailure("mkdir", path) }
  }
}
