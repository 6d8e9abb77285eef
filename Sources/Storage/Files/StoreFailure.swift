/// Why the data directory cannot be used.
package enum StoreFailure: Error, CustomStringConvertible, Equatable {
  case closed
  case inUse(path: String, owner: String)
  case notOurs(path: String)
  case newerSchema(found: Int64, known: Int64)
  case damagedKey(path: String)
  case damaged(path: String, problem: String)
  case missingDatabase(path: String)
  case missingLog(path: String, lock: String)
  case unfinishedRestore(path: String)
  /// One that follows another server's.
  case follower(path: String)
  case readOnly(path: String)
  /// A place that the service's unit keeps from being written; `edit` is the command that changes the unit.
  case protected(path: String, unit: String, edit: String, user: UInt32)
  /// One that this user may not write.
  case notWritable(path: String, reason: String, hint: String)
  /// A file system without what keeps two servers apart; `reason` names the call.
  case noLocks(path: String, reason: String)
  /// One on which two threads cannot share the memory of a file.
  case noSharedMemory(path: String, reason: String)
  /// A part of the data directory is not where it was.
  case lost(DataPart, how: String)
  /// A write failed in such a way that no later one can be trusted; reads go on.
  case stoppedWriting(reason: String)

  private static let restoring = "restore a backup into an empty data directory with `wonder admin restore FILE`"

  package var description: String {
    switch self {
    case .closed: "the store is closed"
    case .inUse(let path, let owner): "the data directory \(path) is in use by another wonder (process \(owner))"
    case .notOurs(let path): "\(path) is not a database of wonder; move it away, or name another data directory"
    case .newerSchema(let found, let known):
      "the database has schema \(found), which a newer wonder made, and this one knows up to \(known); install the "
        + "newer version again, or \(StoreFailure.restoring)"
    case .damagedKey(let path): "\(path) is not 32 bytes long; restore it from a backup"
    case .damaged(let path, let problem):
      "\(path) is damaged (\(problem)); nothing was changed; keep a copy of it, then \(StoreFailure.restoring)"
    case .missingDatabase(let path):
      "there are files of jobs, but \(path) is missing or empty; put it back, or \(StoreFailure.restoring)"
    case .missingLog(let path, let lock):
      "the last run did not end by itself, and its write-ahead log \(path) is gone, with what was written last; put it "
        + "back beside the database, or \(StoreFailure.restoring); to go on without what it held, remove \(lock)"
    case .unfinishedRestore(let path):
      "a restore into \(path) was not finished; empty the directory and run `wonder admin restore FILE` again"
    case .follower(let path):
      "the data directory \(path) follows another server; `wonder standby --promote --data \(path)` makes it one to serve from"
    case .readOnly(let path):
      "the data directory \(path) is on a file system that is mounted read-only; mount it for writing, or name another "
        + "one with --data"
    case .protected(let path, let unit, let edit, let user):
      "the unit \(unit) keeps the data directory \(path) from being written (ProtectSystem=); make it (`install -d -o \(user) "
        + "-m 700 \(path)`), run `\(edit)`, write [Service] and below it ReadWritePaths=\(path), and start it again"
    case .notWritable(let path, let reason, let hint):
      "the data directory \(path) cannot be used by this user (\(reason)); \(hint)"
    case .noLocks(let path, let reason):
      "the file system of \(path) has no locks (\(reason)), and without them two servers could use the directory at once; "
        + "name a directory on a local disk with --data, or mount this one with locks (NFS: without nolock, with rpc.statd)"
    case .noSharedMemory(let path, let reason):
      "the file system of \(path) gives no shared memory (\(reason)), which the database's write-ahead log needs; name a "
        + "directory on a local disk with --data"
    case .lost(let part, let how): "\(part.rawValue) \(how)"
    case .stoppedWriting(let reason): "nothing is written any more: \(reason)"
    }
  }
}
