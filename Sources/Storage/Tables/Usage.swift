package import Basics

/// The counters of a workspace: what it used in a month, and how many of its jobs are in each state.
package enum Usage {
  package enum Origin: String, Sendable {
    case api, pages
  }

  /// The month of a moment, for example "2026-08".
  package static func period(_ moment: Timestamp) -> String {
    let date = CivilTime(moment)
    return "\(date.year.padded(4))-\(date.month.padded(2))"
  }

  /// Adds to the month's figures in the caller's transaction.
  package static func add(
    _ workspace: Int64, origin: Origin, jobs: Int = 0, files: Int = 0, bytes: Int64 = 0, milliseconds: Int64 = 0,
    at now: Timestamp, in database: Database
  ) throws {
    try database.run(
      """
      INSERT INTO usage (workspace_id, period, origin, jobs, files, bytes, milliseconds)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE
      SET jobs = jobs + excluded.jobs, files = files + excluded.files, bytes = bytes + excluded.bytes,
        milliseconds = milliseconds + excluded.milliseconds
      """, workspace, period(now), origin.rawValue, jobs, files, bytes, milliseconds)
  }

  /// Moves jobs from one lifecycle counter to another; `from` is nil for new ones.
  package static func move(
    _ workspace: Int64, _ jobs: Int = 1, from: JobStatus?, to: JobStatus, in database: Database
  ) throws {
    let jobs = Int64(jobs)
    if let from { try change(workspace, "jobs.\(from.rawValue)", by: -jobs, in: database) }
    try change(workspace, "jobs.\(to.rawValue)", by: jobs, in: database)
    if from == nil { try change(workspace, "jobs.submitted", by: jobs, in: database) }
  }

  /// What a workspace used in a month, by where its jobs came from.
  package struct Month: Sendable, Equatable {
    package var jobs: Int64 = 0
    package var files: Int64 = 0
    package var bytes: Int64 = 0
    package var milliseconds: Int64 = 0

    package init(jobs: Int64 = 0, files: Int64 = 0, bytes: Int64 = 0, milliseconds: Int64 = 0) {
      self.jobs = jobs
      self.files = files
      self.bytes = bytes
      self.milliseconds = milliseconds
    }

    package static func + (left: Month, right: Month) -> Month {
      Month(
        jobs: left.jobs + right.jobs, files: left.files + right.files, bytes: left.bytes + right.bytes,
        milliseconds: left.milliseconds + right.milliseconds)
    }
  }

  /// The figures of one month and origin, zeros when there are none.
  package static func month(_ workspace: Int64, period: String, origin: Origin, in database: Database) throws -> Month {
    try database.first(
      """
      SELECT jobs, files, bytes, milliseconds
      FROM usage
      WHERE workspace_id = ? AND period = ? AND origin = ?
      """, workspace, period, origin.rawValue
    ) { row in
      Month(jobs: row.integer(0), files: row.integer(1), bytes: row.integer(2), milliseconds: row.integer(3))
    } ?? Month()
  }

  /// The figures of a span of months with anything in it, both ends included, the oldest first.
  package static func months(_ workspace: Int64, from first: String, to last: String, in database: Database) throws
    -> [(
      period: String, origin: Origin, figures: Month
    )]
  {
    try database.all(
      """
      SELECT period, origin, jobs, files, bytes, milliseconds
      FROM usage
      WHERE workspace_id = ? AND period BETWEEN ? AND ?
      ORDER BY period, origin
      """, workspace, first, last
    ) { row in
      (
        row.text(0), try row.word(1),
        Month(jobs: row.integer(2), files: row.integer(3), bytes: row.integer(4), milliseconds: row.integer(5))
      )
    }
  }

  /// One counter's value, 0 when it was never changed.
  package static func counter(_ workspace: Int64, _ name: String, in database: Database) throws -> Int64 {
    try database.first(
      "SELECT value FROM counters WHERE workspace_id = ? AND name = ?", workspace, name, row: { $0.integer(0) }) ?? 0
  }

  /// A counter's sum over all workspaces.
  package static func total(_ name: String, in database: Database) throws -> Int64 {
    try database.first("SELECT coalesce(sum(value), 0) FROM counters WHERE name = ?", name, row: { $0.integer(0) }) ?? 0
  }

  /// Changes how many bytes of files a workspace has.
  package static func addStored(_ workspace: Int64, _ bytes: Int64, in database: Database) throws {
    try change(workspace, storedBytes, by: bytes, in: database)
  }

  /// The counter of the bytes of a workspace's files.
  package static let storedBytes = "files.bytes"

  private static func change(_ workspace: Int64, _ name: String, by amount: Int64, in database: Database) throws {
    try database.run(
      """
      INSERT INTO counters (workspace_id, name, value)
      VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE
      SET value = value + excluded.value
      """, workspace, name, amount)
  }
}
