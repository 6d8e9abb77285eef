extension Jobs {
  /// How many of a workspace's newest jobs are looked through.
  static let searched = 10_000

  /// A workspace's jobs that are row `row`, have `text` as their Idempotency-Key or in the name of an input, whatever
  /// the case of ASCII letters; the newest first.
  package static func search(
    _ workspace: Int64, status: JobStatus?, row: Int64?, text: String, before: Int64, limit: Int,
    in database: Database
  ) throws -> [Job] {
    let ids = try database.all(
      """
      SELECT id
      FROM (SELECT id, status, idempotency_key FROM jobs WHERE workspace_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3) AS jobs
      WHERE (?4 IS NULL OR status = ?4)
        AND (id = ?5 OR lower(idempotency_key) = ?6
          OR EXISTS (SELECT 1 FROM inputs WHERE job_id = jobs.id AND instr(lower(file_name), ?6)))
      ORDER BY id DESC
      LIMIT ?7
      """, workspace, before, searched, status?.rawValue, row, text, limit, row: { $0.integer(0) })
    return try ids.compactMap { try find(workspace, id: $0, in: database) }
  }
}
