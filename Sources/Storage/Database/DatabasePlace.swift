import Basics
import Glibc

/// Where the open database and its log lie: what is written to files that no path leads to any more is lost at the end of the
/// process, although every write succeeds.
struct DatabasePlace: Sendable {
  private let database: (path: String, identity: FileIdentity)
  private let log: (path: String, identity: FileIdentity)

  /// Nil when one of the two cannot be seen, which they must be when they were just opened.
  init?(path: String) {
    let log = path + "-wal"
    guard let identity = FileIdentity(at: path), let logIdentity = FileIdentity(at: log) else { return nil }
    database = (path, identity)
    self.log = (log, logIdentity)
  }

  /// Brings what is in the log to the disk.
  func syncLog() throws { try FileBytes.sync(log.path) }

  /// What was removed or replaced since, or nil; two system calls.
  func loss() -> StoreFailure? {
    DatabasePlace.loss(.database, database.identity.look(at: database.path))
      ?? DatabasePlace.loss(.log, log.identity.look(at: log.path))
  }

  /// The same for the database alone, which is all that a connection opens by its path.
  func lossOfDatabase() -> StoreFailure? {
    DatabasePlace.loss(.database, database.identity.look(at: database.path))
  }

  private static func loss(_ part: DataPart, _ look: FileIdentity.Look) -> StoreFailure? {
    switch look {
    case .same, .unknown: nil
    case .other: .lost(part, how: "was replaced while it was in use")
    case .gone: .lost(part, how: "was removed while it was in use")
    }
  }
}
