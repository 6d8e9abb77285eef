package import Basics

/// The table of what each workspace did in each hour.
package enum Activity {
  /// The figures of an hour or a day.
  package struct Figures: Sendable, Equatable {
    /// When it began.
    package let start: Timestamp
    package let submitted: Int64
    package let completed: Int64
    package let failed: Int64

    package static func + (left: Figures, right: Figures) -> Figures {
      Figures(
        start: left.start, submitted: left.submitted + right.submitted, completed: left.completed + right.completed,
        failed: left.failed + right.failed)
    }
  }

  static let hour: Int64 = 3_600_000
  static let day = 24 * hour

  /// Adds to the hour's figures in the caller's transaction.
  package static func add(
    _ workspace: Int64, submitted: Int = 0, completed: Int = 0, failed: Int = 0, at now: Timestamp,
    in database: Database
  ) throws {
    try database.run(
      """
      INSERT INTO activity (workspace_id, hour, submitted, completed, failed)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE
      SET submitted = submitted + excluded.submitted, completed = completed + excluded.completed,
        failed = failed + excluded.failed
      """, workspace, now.milliseconds / hour, submitted, completed, failed)
  }

  /// A workspace's hours since `moment` in which anything happened, the oldest first.
  package static func hours(_ workspace: Int64, since moment: Timestamp, in database: Database) throws -> [Figures] {
    try database.all(
      """
      SELECT hour, submitted, completed, failed
      FROM activity
      WHERE workspace_id = ? AND hour >= ?
      ORDER BY hour
      """, workspace, moment.milliseconds / hour, row: { figures($0, unit: hour) })
  }

  /// A workspace's days (UTC) since `moment` in which anything happened, the oldest first.
  package static func days(_ workspace: Int64, since moment: Timestamp, in database: Database) throws -> [Figures] {
    try database.all(
      """
      SELECT hour / 24, sum(submitted), sum(completed), sum(failed)
      FROM activity
      WHERE workspace_id = ? AND hour >= ?
      GROUP BY hour / 24
      ORDER BY hour
      """, workspace, moment.milliseconds / hour, row: { figures($0, unit: day) })
  }

  /// How many jobs of each workspace have ended since the hour of `moment`, and how many of these failed.
  package static func ended(since moment: Timestamp, in database: Database) throws
    -> [(workspace: Int64, jobs: Int64, failed: Int64)]
  {
    try database.all(
      """
      SELECT workspaces.id, sum(completed + failed), sum(failed)
      FROM workspaces
      JOIN activity ON workspace_id = workspaces.id AND hour >= ?
      GROUP BY workspaces.id
      """, moment.milliseconds / hour, row: { ($0.integer(0), $0.integer(1), $0.integer(2)) })
  }

  /// Forgets a workspace's hours before `moment`.
  package static func delete(_ workspace: Int64, before moment: Timestamp, in database: Database) throws {
    try database.run(
      "DELETE FROM activity WHERE workspace_id = ? AND hour < ?", workspace, moment.milliseconds / hour)
  }

  private static func figures(_ row: borrowing Row, unit: Int64) -> Figures {
    Figures(
      start: Timestamp(milliseconds: row.integer(0) * unit), submitted: row.integer(1), completed: row.integer(2),
      failed: row.integer(3))
  }
}
