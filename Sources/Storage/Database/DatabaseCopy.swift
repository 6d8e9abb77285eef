import Basics
import Glibc

/// A copy of the whole database as it is at one moment, in one file without a log.
enum DatabaseCopy {
  /// The same of a database that is opened for it, without a change of it or its log.
  static func make(ofFile source: String, at path: String) throws {
    let database = try Database(path: source, mode: .reading)
    defer { database.close() }
    // It stays a connection that can only read; without this SQLite takes the copy for a change.
    try database.script("PRAGMA query_only = OFF")
    // SQLite would sync the copy whole, and every sync of the server's would wait behind that.
    try database.script("PRAGMA synchronous = OFF")
    try make(of: database, at: path)
  }

  /// Writes it aside (mode 0600), syncs it and renames it to `path`, over an older copy; needs no transaction to be open.
  static func make(of database: Database, at path: String) throws {
    let aside = path + ".part"
    try FileTree.remove(aside)
    do {
      try database.run("VACUUM INTO ?", aside)
      // The mask has seen to it already, and a share without modes refuses.
      chmod(aside, 0o600)
      try FileBytes.sync(aside, through: SyncGate())
      try check("rename", path) { rename(aside, path) }
      try FileBytes.sync(FileBytes.directory(of: path))
    } catch {
      try? FileTree.remove(aside)
      throw error
    }
  }
}
