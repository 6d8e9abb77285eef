package import Basics

/// Jobs that were created and wait for their start.
extension Jobs {
  /// A workspace's that were created before `moment`, the oldest first.
  package static func incomplete(
    _ workspace: Int64, createdBefore moment: Timestamp, limit: Int, in database: Database
  ) throws -> [Job] {
    let rows = try database.all(
      """
      SELECT id
      FROM jobs
      WHERE workspace_id = ? AND +status = 'incomplete' AND created_at < ?
      ORDER BY created_at
      LIMIT ?
      """, workspace, moment, limit, row: { $0.integer(0) })
    return try rows.compactMap { try load(id: $0, in: database) }
  }

  /// How many there are by workspace, counted in their index.
  static func countIncomplete(in database: Database) throws -> [Int64: Int] {
    let counts = try database.all(
      "SELECT workspace_id, count(*) FROM jobs WHERE +status = 'incomplete' GROUP BY workspace_id",
      row: { ($0.integer(0), $0.int(1)) })
    return Dictionary(counts, uniquingKeysWith: +)
  }

  /// Lets a job go on that waited for its start: to the queue, or to its files first.
  package static func setStarted(id: Int64, _ status: JobStatus, in database: Database) throws {
    try database.run("UPDATE jobs SET status = ? WHERE id = ? AND status = 'incomplete'", status.rawValue, id)
  }
}
