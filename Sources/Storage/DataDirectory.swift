package import Basics
import Glibc
import Synchronization

/// The one directory that holds everything; whoever has its lock is its only user.
package final class DataDirectory: Sendable {
  package let path: String
  private let lock: Int32
  private let isClosed = Atomic(false)

  package var databasePath: String { path + "/wonder.db" }
  package var filesPath: String { path + "/files" }
  package var spoolPath: String { path + "/spool" }
  package var keyPath: String { path + "/secret.key" }
  package var socketPath: String { path + "/wonder.sock" }
  /// Copies of the database from before its schema changed.
  package var backupsPath: String { path + "/backups" }
  var ballast: Ballast { Ballast(path: path + "/ballast") }

  /// True when the process that had the directory before did not close it.
  let wasLeftOpen: Bool

  /// Makes the directory when it is missing (mode 0700), takes its lock and empties the spool.
  ///
  /// Throws `StoreFailure.inUse` when another process has the lock, `.readOnly`, else `SystemFailure`.
  package init(path: String) throws {
    self.path = path
    // SQLite makes its files by the mask; nobody else on the machine may read what is in here.
    umask(0o077)
    do {
      try DataDirectory.make(path)
      try check("chmod", path) { chmod(path, 0o700) }
      let lockPath = path + "/lock"
      lock = try check("open", lockPath) { open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
    } catch {
      if error.code == EROFS { throw StoreFailure.readOnly(path: path) }
      throw error
    }
    let left = (try? FileBytes.read(path + "/lock", atMost: 32)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    wasLeftOpen = left.hasSuffix(DataDirectory.openMark)
    let owner = left.split(separator: " ").first.map(String.init)
    guard DataDirectory.take(lock, owner: owner.flatMap { pid_t($0) }) else {
      Glibc.close(lock)
      throw StoreFailure.inUse(path: path, owner: owner ?? "unknown")
    }
    guard access(path + "/restoring", F_OK) != 0 else {
      Glibc.close(lock)
      throw StoreFailure.unfinishedRestore(path: path)
    }
    // What an unclean end left stays readable until the database has been looked at.
    if !wasLeftOpen { writeLock(String(getpid())) }
    try DataDirectory.make(filesPath)
    try DataDirectory.make(spoolPath)
    try FileTree.empty(spoolPath)
  }

  private static let openMark = " open"

  /// Notes that the database and its log are open; only then does a missing log mean that it was taken away.
  func markOpen() throws {
    try FileBytes.sync(path)
    writeLock(String(getpid()) + DataDirectory.openMark)
  }

  private func writeLock(_ text: String) {
    ftruncate(lock, 0)
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { pwrite(lock, $0.baseAddress, $0.count, 0) }
  }

  /// Takes the lock, or gives false when another process lives that has it.
  ///
  /// A process that was killed while it started a worker leaves the lock to the half-made worker for a moment.
  private static func take(_ lock: Int32, owner: pid_t?) -> Bool {
    for _ in 0..<200 {
      if flock(lock, LOCK_EX | LOCK_NB) == 0 { return true }
      // One that was killed before it wrote its number has none here.
      if let owner, kill(owner, 0) == 0 || errno != ESRCH { return false }
      usleep(10_000)
    }
    return false
  }

  /// Notes that nothing more will be written, so that the log may go.
  func markClosed() { writeLock("") }

  /// Lets another process have the directory.
  func close() {
    guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
    Glibc.close(lock)
  }

  /// Bytes that can still be written.
  package var freeBytes: Int64 { DiskSpace(at: path)?.free ?? 0 }

  /// Bytes of the whole file system.
  var totalBytes: Int64 { DiskSpace(at: path)?.total ?? 0 }

  deinit {
    close()
  }

  /// The 32 secret bytes behind public identifiers and links, made on first use.
  package func secretKey(_ entropy: Entropy) throws -> [UInt8] {
    if try !FileTree.exists(keyPath) { try FileBytes.write(entropy.bytes(32), to: keyPath) }
    let key = try FileBytes.read(keyPath, atMost: 64)
    guard key.count == 32 else { throw StoreFailure.damagedKey(path: keyPath) }
    return key
  }

  /// Makes one directory below an existing one; one that is there already is kept.
  static func make(_ path: String) throws(SystemFailure) {
    if mkdir(path, 0o700) != 0 && errno != EEXIST { throw SystemFailure("mkdir", path) }
  }
}
