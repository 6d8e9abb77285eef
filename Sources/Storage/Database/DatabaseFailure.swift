import CSQLite
import Glibc

/// A failure of SQLite: its extended result code, its words, and the statement; never the bound values.
package struct DatabaseFailure: Error, CustomStringConvertible {
  package let code: Int32
  package let message: String
  package let statement: String
  /// The `errno` behind it, where a system call is at fault.
  let systemCode: Int32
  /// True when SQLite keeps no write-ahead log on this file system.
  let isWithoutLog: Bool

  init(code: Int32, message: String, statement: String, systemCode: Int32 = 0, isWithoutLog: Bool = false) {
    self.isWithoutLog = isWithoutLog
    self.code = code
    self.message = message
    self.statement = statement
    self.systemCode = systemCode
  }

  package var description: String {
    let shown = statement.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let reason = isOfTheSystem && systemCode != 0 ? ", " + String(cString: strerror(systemCode)) : ""
    return "database: \(message) (\(code)\(reason))" + (shown.isEmpty ? "" : " in \(shown.prefix(120))")
  }

  /// Why the system refused, without the statement.
  var reason: String { systemCode == 0 ? message : "\(message): \(String(cString: strerror(systemCode)))" }

  /// True when the file of shared memory beside the log cannot be mapped or locked, for a reason that lies with the file
  /// system and not with a shortage: SQLITE_IOERR_SHMLOCK, _SHMMAP, SQLITE_PROTOCOL, and a VFS that has none.
  var lacksSharedMemory: Bool {
    if primaryCode == SQLITE_PROTOCOL || isWithoutLog { return true }
    return [20, 21].map { SQLITE_IOERR | $0 << 8 }.contains(code) && ![ENOMEM, EMFILE, ENFILE].contains(systemCode)
  }

  private var primaryCode: Int32 { code & 0xFF }

  /// True when a system call is at fault, so that `systemCode` means something.
  private var isOfTheSystem: Bool { [SQLITE_IOERR, SQLITE_CANTOPEN].contains(primaryCode) }

  /// True when a file of the database may not be read or written by this user.
  var isPermission: Bool {
    let isRefused = primaryCode == SQLITE_CANTOPEN && [EACCES, EPERM].contains(systemCode)
    return isRefused || [SQLITE_READONLY, SQLITE_PERM].contains(primaryCode)
  }

  /// True for EIO and its kin, in whatever statement they came.
  var isInputOutput: Bool { primaryCode == SQLITE_IOERR }

  /// True when there is no room: nothing was half done, and there may be room later.
  ///
  /// A sync that fails for want of room counts as a failed sync, for the kernel forgets the pages then.
  package var isDiskFull: Bool {
    if primaryCode == SQLITE_FULL { return true }
    return isOfTheSystem && !isFailedSync && [ENOSPC, EDQUOT].contains(systemCode)
  }

  /// SQLITE_IOERR_FSYNC and SQLITE_IOERR_DIR_FSYNC, whose macros Swift cannot import.
  private static let failedSyncs = [SQLITE_IOERR | 4 << 8, SQLITE_IOERR | 5 << 8]
  /// Those, and SQLITE_IOERR_WRITE, _TRUNCATE and _CLOSE.
  private static let failedWrites = failedSyncs + [3, 6, 16].map { SQLITE_IOERR | $0 << 8 }

  private var isFailedSync: Bool { DatabaseFailure.failedSyncs.contains(code) }

  /// True when something was written and may not be on disk, or the file no longer is a database: no later write can be
  /// trusted.
  var isLostWrite: Bool {
    if isDamage { return true }
    return DatabaseFailure.failedWrites.contains(code) && !isDiskFull
  }

  /// True when the file is not, or no longer, what SQLite wrote.
  package var isDamage: Bool { [SQLITE_CORRUPT, SQLITE_NOTADB].contains(primaryCode) }

  /// True when the disk is full, fails or is held by another program: the request may be tried again later.
  ///
  /// SQLite reports a page that cannot be read (EIO) as damage, so damage counts too.
  package var isStorageTrouble: Bool {
    isDamage
      || [SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_BUSY, SQLITE_NOMEM].contains(primaryCode)
  }

  /// True when a UNIQUE, CHECK, NOT NULL or foreign key rule refused the row.
  package var isConstraint: Bool { primaryCode == SQLITE_CONSTRAINT }
}
