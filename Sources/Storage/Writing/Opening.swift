import Basics
import Glibc

/// Opens the database at a start: looks whether it is whole before anything is changed, then brings it up to date.
struct Opening {
  /// A database up to this size, in bytes, is checked whole before the start; of a larger one the small tables, and the
  /// rest while it serves.
  static let checkedAtOnce: Int64 = 64 << 20
  /// The tables that every request needs and that stay small.
  private static let smallTables = ["plans", "workspaces", "keys", "queue", "usage", "counters"]

  let directory: DataDirectory

  /// Throws `StoreFailure` with what to do for a database that is damaged, missing or another program's.
  func database() throws -> (database: Database, isCheckedWhole: Bool) {
    let path = directory.databasePath
    do {
      try checkFiles(path)
      try directory.lockDatabase()
      do { return try open(path) } catch let failure as DatabaseFailure where failure.isDiskFull {
        guard directory.ballast.release() else { throw failure }
        return try open(path)
      }
    } catch let failure as DatabaseFailure where failure.isDamage {
      throw StoreFailure.damaged(path: path, problem: failure.message)
    } catch let failure as DatabaseFailure where failure.isPermission {
      throw StoreFailure.notWritable(
        path: directory.path, reason: failure.reason, hint: DirectoryRefusal.handOver(directory.path, to: geteuid()))
    } catch let failure as DatabaseFailure where failure.lacksSharedMemory {
      throw StoreFailure.noSharedMemory(path: path, reason: failure.reason)
    }
  }

  /// What is missing must not be taken for what never was.
  private func checkFiles(_ path: String) throws {
    let isThere = try FileTree.exists(path) && FileBytes.size(path) > 0
    let log = path + "-wal"
    if try isThere && directory.wasLeftOpen && !FileTree.exists(log) {
      throw StoreFailure.missingLog(path: log, lock: directory.path + "/lock")
    }
    guard try !isThere && FileTree.exists(directory.filesPath + "/ff") else { return }
    for name in try FileTree.names(in: directory.filesPath)
    where try !FileTree.names(in: directory.filesPath + "/" + name).isEmpty {
      throw StoreFailure.missingDatabase(path: path)
    }
  }

  private func open(_ path: String) throws -> (database: Database, isCheckedWhole: Bool) {
    let database = try Database(path: path, mode: .writing)
    let bytes = try database.bytes()
    let isSmall = bytes <= Opening.checkedAtOnce
    let problems = try isSmall ? database.quickCheck() : Opening.smallTables.flatMap(database.quickCheck)
    guard problems.isEmpty else {
      throw StoreFailure.damaged(path: path, problem: problems.prefix(3).joined(separator: "; "))
    }
    try Migrations(steps: Migrations.embedded, backups: directory.backupsPath).apply(to: database, path: path)
    // What an earlier run wrote last may be in the kernel's memory only, if its last sync failed: from the log into the
    // database it is written and synced anew.
    try database.checkpoint(truncates: true)
    try directory.markOpen()
    return (database, isSmall)
  }
}
