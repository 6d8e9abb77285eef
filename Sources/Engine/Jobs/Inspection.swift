package import Basics
import Glibc
package import Storage

/// Compares the database with the files, and both with what they should be.
package struct Inspection: Sendable {
  package struct Findings: Sendable, Equatable {
    /// SQLite's own words; "ok" when nothing is wrong.
    package let database: String
    /// Blobs that a row names and that are not on disk.
    package let missingFiles: [String]
    /// Files that no row names.
    package let orphanFiles: [String]
    /// Why the files could not be looked at, or nil; then nothing is known of them.
    package let unseen: String?

    package var isSound: Bool { database == "ok" && missingFiles.isEmpty && unseen == nil }
  }

  /// A file younger than this may belong to a job that is just being taken.
  package static let youngestOrphan = Duration.seconds(3600)

  private let store: Store
  private let clock: Clock

  package init(store: Store, clock: Clock) {
    self.store = store
    self.clock = clock
  }

  /// Reads everything once; for a thread that may block.
  package func check() throws -> Findings {
    let verdict = try store.read { database in
      try database.all("PRAGMA integrity_check", row: { $0.text(0) }).joined(separator: "; ")
    }
    do {
      let (onDisk, named, growing) = try compare()
      return Findings(
        database: verdict,
        missingFiles: try named.subtracting(onDisk).sorted().filter { try store.blobs.changed($0) == nil },
        orphanFiles: onDisk.subtracting(named).subtracting(growing).sorted(), unseen: nil)
    } catch let failure as SystemFailure {
      return Findings(database: verdict, missingFiles: [], orphanFiles: [], unseen: "\(failure)")
    }
  }

  /// The files first, the rows after: a file that gets its row meanwhile is then not taken for an orphan.
  ///
  /// What still comes in parts is in no backup, so that after a restore its file may be missing.
  private func compare() throws -> (onDisk: Set<String>, named: Set<String>, growing: Set<String>) {
    let onDisk = Set(try store.blobs.names())
    return try store.read { database in
      let named = try NamedFile.names(in: database)
      let growing = try database.all("SELECT blob FROM arrivals WHERE blob IS NOT NULL", row: { $0.text(0) })
      return (onDisk, named, Set(growing))
    }
  }

  /// Removes files that no row names, that nobody is about to record, and that are old enough to belong to nobody; gives
  /// how many.
  package func removeOrphans() throws -> Int {
    let now = clock.now()
    let (onDisk, named, growing) = try compare()
    let old = try onDisk.subtracting(named).subtracting(growing).filter { blob in
      if store.blobs.isInUse(blob) { return false }
      return try store.blobs.changed(blob).map { $0 < now - Inspection.youngestOrphan } ?? false
    }
    store.blobs.remove(Array(old))
    return old.count
  }
}
