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

  /// What the disk and the rows have of files, found one after the other.
  struct Comparison {
    let onDisk: Set<String>
    /// Files on disk that somebody was about to record when they had been listed.
    let inUse: Set<String>
    let named: Set<String>
    /// Files that still come in parts.
    let growing: Set<String>
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
      let found = try compare()
      return Findings(
        database: verdict,
        missingFiles: try found.named.subtracting(found.onDisk).sorted().filter { try store.blobs.changed($0) == nil },
        orphanFiles: found.onDisk.subtracting(found.named).subtracting(found.growing).sorted(), unseen: nil)
    } catch let failure as SystemFailure {
      return Findings(database: verdict, missingFiles: [], orphanFiles: [], unseen: "\(failure)")
    }
  }

  /// The files first, then who has them in hand, the rows last: a file that gets its row meanwhile is then not taken for an
  /// orphan.
  ///
  /// What is in nobody's hand before the rows are read has its row by then or never gets one; asked after them, a file whose row
  /// came in between would have neither. What still comes in parts is in no backup, so that after a restore its file may be
  /// missing.
  func compare() throws -> Comparison {
    let onDisk = Set(try store.blobs.names())
    let inUse = onDisk.filter { store.blobs.isInUse($0) }
    return try store.read { database in
      let named = try NamedFile.names(in: database)
      let growing = try database.all("SELECT blob FROM arrivals WHERE blob IS NOT NULL", row: { $0.text(0) })
      return Comparison(onDisk: onDisk, inUse: inUse, named: named, growing: Set(growing))
    }
  }

  /// Removes files that no row names, that nobody is about to record, and that are old enough to belong to nobody; gives
  /// how many.
  package func removeOrphans() throws -> Int { try removeOrphans(of: compare()) }

  /// The same among what was found.
  func removeOrphans(of found: Comparison) throws -> Int {
    let now = clock.now()
    let unnamed = found.onDisk.subtracting(found.inUse).subtracting(found.named).subtracting(found.growing)
    // A second name is as old as the first one, so that age alone tells nothing of it.
    let old = try unnamed.filter { blob in
      try store.blobs.changed(blob).map { $0 < now - Inspection.youngestOrphan } ?? false
    }
    store.blobs.remove(Array(old))
    return old.count
  }
}
