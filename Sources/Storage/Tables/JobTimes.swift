package import Basics

/// How long the newest jobs have waited and run, and how they ended.
package enum JobTimes {
  package struct Entry: Sendable, Equatable {
    package let workspace: Int64
    package let source: String
    package let target: String
    package let status: JobStatus
    package let errorCode: String?
    package let endedAt: Timestamp
    /// Until it was taken first; nil when nobody took it.
    package let waited: Duration?
    /// All its attempts.
    package let run: Duration
  }

  /// The newest `limit` jobs, the newest first, nil for one that has not ended; all workspaces' for nil.
  ///
  /// What packs a batch is none of them.
  package static func newest(_ workspace: Int64?, limit: Int, in database: Database) throws -> [Entry?] {
    let columns: StaticString = """
      workspace_id, source_format, target_format, status, error_code, finished_at, started_at - created_at,
        run_milliseconds
      """
    guard let workspace else {
      return try database.all(
        selecting: columns,
        """
        FROM jobs
        WHERE target_format <> 'zip' OR NOT EXISTS (SELECT 1 FROM batches WHERE archive_job_id = jobs.id)
        ORDER BY id DESC
        LIMIT ?
        """, limit, row: entry)
    }
    return try database.all(
      selecting: columns,
      """
      FROM jobs
      WHERE workspace_id = ?
        AND (target_format <> 'zip' OR NOT EXISTS (SELECT 1 FROM batches WHERE archive_job_id = jobs.id))
      ORDER BY id DESC
      LIMIT ?
      """, workspace, limit, row: entry)
  }

  private static func entry(_ row: borrowing Row) throws -> Entry? {
    guard row.optionalInteger(5) != nil else { return nil }
    return try Entry(
      workspace: row.integer(0), source: row.text(1), target: row.text(2), status: row.word(3),
      errorCode: row.optionalText(4), endedAt: row.moment(5),
      waited: row.optionalInteger(6).map { .milliseconds(max(0, $0)) }, run: .milliseconds(row.integer(7)))
  }
}
