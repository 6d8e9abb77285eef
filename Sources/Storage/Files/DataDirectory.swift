package import Basics
import Glibc
import Synchronization

/// The one directory that holds everything; whoever has its locks is its only user.
///
/// There are three ways to notice another user, because each can be taken away: the lock of the file `lock`, one on a byte of
/// the database itself, and the socket that a server answers.
package final class DataDirectory: Sendable {
  /// An open file with a lock on it, or -1.
  private struct Locked {
    var descriptor: Int32
    /// What the file says.
    var text = ""
  }

  package let path: String
  private let lock: Mutex<Locked>
  /// Open for ever: SQLite's own locks on the file end when the process closes any descriptor of it.
  private let databaseLock = Mutex<Int32>(-1)
  private let isClosed = Atomic(false)
  /// Who had the directory last.
  private let owner: pid_t?

  package var databasePath: String { path + "/wonder.db" }
  package var filesPath: String { path + "/files" }
  package var spoolPath: String { path + "/spool" }
  package var keyPath: String { path + "/secret.key" }
  package var socketPath: String { path + "/wonder.sock" }
  /// There while the directory follows another server's, with what is known of that.
  package var standbyPath: String { path + "/standby" }
  /// Copies of the database from before its schema changed.
  package var backupsPath: String { path + "/backups" }
  var ballast: Ballast { Ballast(path: path + "/ballast") }

  /// True when the process that had the directory before did not close it.
  let wasLeftOpen: Bool
  /// What others may do with the directory; nil when they may do nothing.
  let openness: DirectoryOpenness?

  /// Makes the directory when it is missing (mode 0700), takes its lock and empties the spool.
  ///
  /// `follows` is true for who follows another server. Throws `StoreFailure.inUse` when another process has the directory,
  /// `.follower`, `.readOnly`, `.protected`, `.notWritable`, `.noLocks`, else `SystemFailure`.
  package init(path: String, follows: Bool = false) throws {
    self.path = path
    // SQLite makes its files by the mask; nobody else on the machine may read what is in here.
    umask(0o077)
    do {
      try DataDirectory.make(path)
      openness = DirectoryOpenness.close(path)
      lock = Mutex(Locked(descriptor: try DataDirectory.openLock(path)))
    } catch {
      throw DirectoryRefusal(path: path, failure: error).reason ?? error
    }
    let left = try DataDirectory.lockText(of: path)
    wasLeftOpen = left.hasSuffix(DataDirectory.openMark)
    owner = DataDirectory.owner(in: left)
    do {
      let descriptor = lock.withLock { $0.descriptor }
      let isFree = try DataDirectory.take(path, owner) {
        try check("flock", path + "/lock") { flock(descriptor, LOCK_EX | LOCK_NB) }
      }
      guard isFree else { throw StoreFailure.inUse(path: path, owner: DataDirectory.holder(of: path)) }
      // Whoever took the lock away from a running server has not taken its place.
      if let server = try UnixSocket.process(listeningOn: socketPath) {
        throw StoreFailure.inUse(path: path, owner: String(server))
      }
      if try FileTree.exists(databasePath) { try lockDatabase() }
      guard access(path + "/restoring", F_OK) != 0 else { throw StoreFailure.unfinishedRestore(path: path) }
      guard follows || access(standbyPath, F_OK) != 0 else { throw StoreFailure.follower(path: path) }
      // What an unclean end left stays readable until the database has been looked at.
      if !wasLeftOpen { writeLock(String(getpid())) }
      try DataDirectory.make(filesPath)
      try DataDirectory.make(spoolPath)
      try emptySpool()
    } catch {
      close()
      throw (error as? SystemFailure).flatMap { DirectoryRefusal(path: path, failure: $0).reason } ?? error
    }
  }

  /// Removes what an earlier server has left, but for folders in which something appears meanwhile.
  ///
  /// A program that a killed server had started may still write while it dies; the janitor takes what that leaves.
  private func emptySpool() throws(SystemFailure) {
    for name in try FileTree.names(in: spoolPath) {
      do throws(SystemFailure) { try FileTree.remove(spoolPath + "/" + name) } catch {
        guard error.code == ENOTEMPTY || error.code == EEXIST else { throw error }
      }
    }
  }

  private static let openMark = " open"
  /// SQLite has its locks in the first 512 bytes of the page at 1 GiB, in which it keeps nothing (sqlite.org/fileformat2.html,
  /// 1.4); this one is in the same page, behind them.
  private static let lockedByte: Int64 = 0x4000_0000 + 1024

  private static func openLock(_ path: String) throws(SystemFailure) -> Int32 {
    let path = path + "/lock"
    return try check("open", path) { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
  }

  /// Locks the database, whose file is made when it is missing; a second user is refused before anything was changed.
  func lockDatabase() throws {
    guard databaseLock.withLock({ $0 < 0 }) else { return }
    let descriptor = try check("open", databasePath) { open(databasePath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
    do {
      let isFree = try DataDirectory.take(path, owner) {
        let isTaken = try FileLock.take(descriptor, byte: DataDirectory.lockedByte, named: databasePath)
        if !isTaken { throw SystemFailure("fcntl", databasePath, code: EWOULDBLOCK) }
      }
      guard isFree else { throw StoreFailure.inUse(path: path, owner: DataDirectory.holder(of: path)) }
      databaseLock.withLock { $0 = descriptor }
    } catch {
      Glibc.close(descriptor)
      throw error
    }
  }

  /// Notes that the database and its log are open; only then does a missing log mean that it was taken away.
  func markOpen() throws {
    try FileBytes.sync(path)
    writeLock(String(getpid()) + DataDirectory.openMark)
  }

  private func writeLock(_ text: String) {
    lock.withLock { lock in
      lock.text = text
      ftruncate(lock.descriptor, 0)
      let bytes = Array(text.utf8)
      _ = bytes.withUnsafeBytes { pwrite(lock.descriptor, $0.baseAddress, $0.count, 0) }
    }
  }

  /// Makes the file `lock` again when it is gone, so that a second server is told who has the directory.
  func keepLock(_ log: Log) {
    let text: String? = lock.withLock { lock in
      guard !isClosed.load(ordering: .acquiring), let identity = FileIdentity(of: lock.descriptor),
        ![.same, .unknown].contains(identity.look(at: path + "/lock")),
        let descriptor = try? DataDirectory.openLock(path)
      else { return nil }
      // Another one that has it now is about to be refused for the lock on the database.
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        Glibc.close(descriptor)
        return nil
      }
      Glibc.close(lock.descriptor)
      lock.descriptor = descriptor
      return lock.text
    }
    guard let text else { return }
    writeLock(text)
    log.warning("the lock of the data directory was removed while it was in use, and was made again", ["path": path])
  }

  /// The process that has written its number into the lock, the last or the present one; nil for none.
  private static func owner(in text: String?) -> pid_t? { text?.split(separator: " ").first.flatMap { pid_t($0) } }

  private static func lockText(of path: String) throws -> String {
    String(decoding: try FileBytes.read(path + "/lock", atMost: 32), as: UTF8.self)
  }

  private static func holder(of path: String) -> String {
    owner(in: try? lockText(of: path)).map(String.init) ?? "unknown"
  }

  /// Tries a lock until it is taken, or gives false when another process lives that has it.
  ///
  /// A process that was killed while it started a worker leaves the lock to the half-made worker, for a moment, or for seconds
  /// on a machine that gives what steps back no turn.
  private static func take(_ path: String, _ owner: pid_t?, _ attempt: () throws -> Void) throws -> Bool {
    for _ in 0..<(owner == nil ? 200 : 3000) {
      do {
        try attempt()
        return true
      } catch let failure as SystemFailure where failure.code == EWOULDBLOCK {
        // One that was killed before it wrote its number has none here; one that came meanwhile has written its own.
        let written = DataDirectory.owner(in: try? lockText(of: path))
        // This process's own number stands there already when it comes to the database.
        let holder = written == getpid() ? owner : written
        if let holder, OtherProcess.exists(holder) { return false }
        usleep(10_000)
      } catch let failure as SystemFailure
        where [ENOLCK, EOPNOTSUPP, ENOSYS, EINVAL, EPERM, ENOTTY].contains(failure.code)
      {
        throw StoreFailure.noLocks(path: path, reason: "\(failure.call): \(String(cString: strerror(failure.code)))")
      }
    }
    return false
  }

  /// Notes that nothing more will be written, so that the log may go; on disk, for the log's end would be there first.
  func markClosed() {
    writeLock("")
    lock.withLock { _ = fdatasync($0.descriptor) }
  }

  /// Lets another process have the directory.
  func close() {
    guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
    // The database's last: its other descriptors are closed by now.
    lock.withLock { lock in
      if lock.descriptor >= 0 { Glibc.close(lock.descriptor) }
      lock.descriptor = -1
    }
    databaseLock.withLock { descriptor in
      if descriptor >= 0 { Glibc.close(descriptor) }
      descriptor = -1
    }
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
    let key: [UInt8]
    do { key = try FileBytes.read(keyPath, atMost: 64) } catch {
      throw DirectoryRefusal(path: path, failure: error).reason ?? error
    }
    guard key.count == 32 else { throw StoreFailure.damagedKey(path: keyPath) }
    return key
  }

  /// Makes one directory below an existing one, durably; one that is there already is kept.
  static func make(_ path: String) throws(SystemFailure) {
    guard mkdir(path, 0o700) == 0 else {
      if errno == EEXIST { return }
      throw SystemFailure("mkdir", path)
    }
    do { try FileBytes.sync(path + "/..") } catch {
      // One may make folders in a place that one may not read, and then nobody can put them on disk but the system.
      guard error.code == EACCES else { throw error }
    }
  }
}
