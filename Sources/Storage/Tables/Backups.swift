package import Basics

/// The table of backups that were made by a schedule: the whole ones whose files are there, and the last that failed.
package enum Backups {
  package struct Backup: Sendable, Equatable {
    package let id: Int64
    package let startedAt: Timestamp
    package let duration: Duration
    package let place: String
    package let name: String
    package let bytes: Int64
    /// Nil for a whole one.
    package let error: String?
  }

  /// The newest first, by the order in which they were made, whatever the clock said.
  package static func all(in database: Database) throws -> [Backup] {
    try database.all(
      "SELECT id, started_at, milliseconds, place, name, bytes, error FROM backups ORDER BY id DESC"
    ) { row in
      Backup(
        id: row.integer(0), startedAt: row.moment(1), duration: .milliseconds(row.integer(2)), place: row.text(3),
        name: row.text(4), bytes: row.integer(5), error: row.optionalText(6))
    }
  }

  /// Records one in place of any that failed before.
  package static func insert(
    at start: Timestamp, taking duration: Duration, place: String, name: String, bytes: Int64, error: String?,
    in database: Database
  ) throws {
    try database.run("DELETE FROM backups WHERE error IS NOT NULL")
    try database.run(
      "INSERT INTO backups (started_at, milliseconds, place, name, bytes, error) VALUES (?, ?, ?, ?, ?, ?)", start,
      duration.milliseconds, place, name, bytes, error)
  }

  package static func delete(_ id: Int64, in database: Database) throws {
    try database.run("DELETE FROM backups WHERE id = ?", id)
  }
}
