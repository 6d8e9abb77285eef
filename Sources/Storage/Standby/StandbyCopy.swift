package import Basics
import Glibc
import Synchronization

/// The database at one moment, in the spool, for somebody who follows; the files that it names stay until they are let go.
package final class StandbyCopy: Sendable {
  static let prefix = "standby-"

  /// What it is asked for by.
  package let name: String
  /// Of the database.
  package let path: String
  /// Which state it has; the next one with another.
  package let mark: String
  package let takenAt: Timestamp
  package let schema: Int64
  package let bytes: Int64
  package let sha256: [UInt8]
  private let store: Store
  private let folder: String
  private let hold: Mutex<Int?>

  /// Takes one, while everything goes on; deletions of files wait from now on.
  package init(of store: Store, mark: String, at now: Timestamp, entropy: Entropy = .system) throws {
    self.store = store
    self.mark = mark
    takenAt = now
    name = StandbyCopy.prefix + Hexadecimal.encode(entropy.bytes(8))
    folder = try store.spool.makeFolder(name)
    path = folder + "/wonder.db"
    let holder = store.blobs.holdDeletions()
    hold = Mutex(holder)
    do {
      try DatabaseCopy.make(ofFile: store.directory.databasePath, at: path)
      schema = try StandbyCopy.schema(of: path)
      bytes = try FileBytes.size(path)
      sha256 = try StandbyCopy.digest(path)
    } catch {
      store.blobs.letDeletionsGo(holder)
      store.spool.leave(folder)
      try? FileTree.remove(folder)
      throw error
    }
  }

  /// The version of the schema of a copy; leaves nothing beside it.
  static func schema(of path: String) throws -> Int64 {
    try reading(path) { try Migrations.version(of: $0) }
  }

  /// Reads a copy that nobody writes; what SQLite puts beside it is removed.
  static func reading<Value>(_ path: String, _ body: (Database) throws -> Value) throws -> Value {
    defer { for suffix in ["-wal", "-shm"] { unlink(path + suffix) } }
    let database = try Database(path: path, mode: .reading)
    defer { database.close() }
    return try body(database)
  }

  static func digest(_ path: String) throws -> [UInt8] {
    let descriptor = try check("open", path) { open(path, O_RDONLY | O_CLOEXEC) }
    defer { close(descriptor) }
    return try SHA256.digest(ofFile: descriptor, named: path)
  }

  /// Deletes what was to be deleted meanwhile; the copy itself stays.
  package func letFilesGo() {
    let holder = hold.withLock { hold in
      defer { hold = nil }
      return hold
    }
    if let holder { store.blobs.letDeletionsGo(holder) }
  }

  /// Ends it.
  package func remove() {
    letFilesGo()
    store.spool.leave(folder)
    try? FileTree.remove(folder)
  }

  /// A copy of the database of a directory that no server uses, whose lock is had for as long as that takes.
  ///
  /// Throws `StoreFailure.inUse` when one does.
  package static func make(ofUnused directory: String, at path: String) throws {
    guard try FileTree.exists(directory + "/wonder.db") else {
      throw StoreFailure.missingDatabase(path: directory + "/wonder.db")
    }
    let lock = try DataDirectory(path: directory)
    defer { lock.close() }
    try DatabaseCopy.make(ofFile: lock.databasePath, at: path)
  }

  /// The version, size and digest of a copy that was made so.
  package static func describe(_ path: String) throws -> (schema: Int64, bytes: Int64, sha256: [UInt8]) {
    (try schema(of: path), try FileBytes.size(path), try digest(path))
  }
}
