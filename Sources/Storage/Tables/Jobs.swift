package import Basics

/// The table of jobs.
package enum Jobs {
  /// What `job` reads, in its order.
  private static let columns: StaticString = """
    id, workspace_id, number, dialect, status, conversion_type, source_format, target_format, options,
    idempotency_key, webhook_url, attempts, error_code, error_message, created_at, finished_at, started_at,
    run_milliseconds, batch_id, archive, key_id, every_change, extras
    """

  /// Adds a job with the workspace's next number and gives its row number.
  package static func insert(_ job: NewJob, in database: Database) throws -> Int64 {
    try insert(job, number: Workspaces.nextJobNumbers(job.workspaceID, count: 1, in: database), in: database).lowerBound
  }

  /// The same as `count` jobs, under numbers that were taken for them from `number` on; gives their rows.
  package static func insert(
    _ job: NewJob, number: Int64, count: Int = 1, in database: Database
  ) throws -> ClosedRange<Int64> {
    try database.run(
      """
      INSERT INTO jobs (workspace_id, number, key_id, batch_id, dialect, status, conversion_type, source_format,
        target_format, options, archive, idempotency_key, webhook_url, webhook_secret, notification_email, created_at,
        every_change)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, job.workspaceID, number, job.keyID, job.batchID, job.dialect, job.status.rawValue, job.conversionType,
      job.sourceFormat, job.targetFormat, job.options, job.packsOutputs ? "zip" : nil, job.idempotencyKey,
      job.webhookURL, job.webhookSecret, job.notificationEmail, job.createdAt, job.tellsEveryChange ? 1 : 0)
    let id = database.lastRow
    if count > 1 { try copy(id, times: count - 1, in: database) }
    // AUTOINCREMENT gives the rows of one transaction numbers that follow each other.
    return id...database.lastRow
  }

  /// Adds a job that was just added again and again under the numbers behind its own, in one statement.
  private static func copy(_ id: Int64, times: Int, in database: Database) throws {
    try database.run(
      """
      INSERT INTO jobs (workspace_id, number, key_id, batch_id, dialect, status, conversion_type, source_format,
        target_format, options, archive, idempotency_key, webhook_url, webhook_secret, notification_email, created_at,
        every_change)
      WITH RECURSIVE places (place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM places WHERE place < ?)
      SELECT workspace_id, number + place, key_id, batch_id, dialect, status, conversion_type, source_format,
        target_format, options, archive, idempotency_key, webhook_url, webhook_secret, notification_email, created_at,
        every_change
      FROM places, jobs
      WHERE id = ?
      ORDER BY place
      """, times, id)
  }

  /// A workspace's job; another workspace's is not found.
  package static func find(_ workspace: Int64, id: Int64, in database: Database) throws -> Job? {
    try database.first(
      selecting: columns,
      """
      FROM jobs
      WHERE id = ? AND workspace_id = ?
      """, id, workspace, row: job)
  }

  /// A job for the engine's own work, whoever it belongs to.
  package static func load(id: Int64, in database: Database) throws -> Job? {
    try database.first(
      selecting: columns,
      """
      FROM jobs
      WHERE id = ?
      """, id, row: job)
  }

  /// A workspace's jobs below row `before`, the newest first; `status` nil means any.
  ///
  /// What packs a batch is a part of the batch and no job of the workspace's own.
  package static func list(_ workspace: Int64, status: JobStatus?, before: Int64, limit: Int, in database: Database)
    throws -> [Job]
  {
    switch status {
    case nil:
      try database.all(
        selecting: columns,
        """
        FROM jobs
        WHERE workspace_id = ? AND id < ?
          AND (target_format <> 'zip' OR NOT EXISTS (SELECT 1 FROM batches WHERE archive_job_id = jobs.id))
        ORDER BY id DESC
        LIMIT ?
        """, workspace, before, limit, row: job)
    case .completed:
      try database.all(
        selecting: columns,
        """
        FROM jobs
        WHERE workspace_id = ? AND id < ? AND status = 'completed'
          AND (target_format <> 'zip' OR NOT EXISTS (SELECT 1 FROM batches WHERE archive_job_id = jobs.id))
        ORDER BY id DESC
        LIMIT ?
        """, workspace, before, limit, row: job)
    case let status?:
      try database.all(
        selecting: columns,
        """
        FROM jobs
        WHERE workspace_id = ? AND status = ? AND status <> 'completed' AND id < ?
          AND (target_format <> 'zip' OR NOT EXISTS (SELECT 1 FROM batches WHERE archive_job_id = jobs.id))
        ORDER BY id DESC
        LIMIT ?
        """, workspace, status.rawValue, before, limit, row: job)
    }
  }

  /// Every workspace's jobs below row `before`, the newest first, for the operator.
  package static func listAll(before: Int64, limit: Int, in database: Database) throws -> [Job] {
    try database.all(
      selecting: columns,
      """
      FROM jobs
      WHERE id < ?
        AND (target_format <> 'zip' OR NOT EXISTS (SELECT 1 FROM batches WHERE archive_job_id = jobs.id))
      ORDER BY id DESC
      LIMIT ?
      """, before, limit, row: job)
  }

  /// Makes a job that ended without a result wait again, as if it had just come.
  package static func setAgain(id: Int64, _ status: JobStatus, in database: Database) throws {
    try database.run(
      """
      UPDATE jobs
      SET status = ?, error_code = NULL, error_message = NULL, finished_at = NULL
      WHERE id = ?
      """, status.rawValue, id)
  }

  /// Some of a workspace's jobs, whatever their state.
  package static func some(_ workspace: Int64, limit: Int, in database: Database) throws -> [Int64] {
    try database.all(
      "SELECT id FROM jobs WHERE workspace_id = ? ORDER BY id LIMIT ?", workspace, limit, row: { $0.integer(0) })
  }

  /// Deletes a job's row with all that hangs on it.
  package static func delete(_ workspace: Int64, id: Int64, in database: Database) throws {
    try database.run("DELETE FROM jobs WHERE id = ? AND workspace_id = ?", id, workspace)
  }

  package static func setProcessing(id: Int64, attempt: Int, at now: Timestamp, in database: Database) throws {
    try database.run(
      """
      UPDATE jobs
      SET status = 'processing', attempts = ?, started_at = coalesce(started_at, ?)
      WHERE id = ?
      """, attempt, now, id)
  }

  /// Names the format of a job's files once it is known.
  package static func setSource(id: Int64, _ format: String, in database: Database) throws {
    try database.run("UPDATE jobs SET source_format = ? WHERE id = ?", format, id)
  }

  /// Notes that there is more of a job than its row.
  package static func add(_ extras: JobExtras, id: Int64, in database: Database) throws {
    try database.run("UPDATE jobs SET extras = coalesce(extras, 0) | ? WHERE id = ?", extras.rawValue, id)
  }

  /// What the job's dialect keeps of its own with it.
  package static func dialectData(id: Int64, in database: Database) throws -> String? {
    try database.first("SELECT dialect_data FROM jobs WHERE id = ?", id, row: { $0.optionalText(0) }) ?? nil
  }

  package static func setDialectData(id: Int64, _ data: String?, in database: Database) throws {
    try database.run("UPDATE jobs SET dialect_data = ? WHERE id = ?", data, id)
  }

  package static func setPending(id: Int64, in database: Database) throws {
    try database.run("UPDATE jobs SET status = 'pending' WHERE id = ?", id)
  }

  /// Adds to the time that workers spent on a job, before it ends.
  package static func addRun(id: Int64, _ run: Duration, in database: Database) throws {
    try database.run("UPDATE jobs SET run_milliseconds = run_milliseconds + ? WHERE id = ?", run.milliseconds, id)
  }

  /// Ends a job and erases its secrets; a status that is not final would leave it without a queue row, so it is refused.
  package static func setFinished(
    id: Int64, status: JobStatus, errorCode: String?, errorMessage: String?, run: Duration, at now: Timestamp,
    in database: Database
  ) throws {
    precondition(status.isFinal)
    let extras = try database.first(
      """
      UPDATE jobs
      SET status = ?, error_code = ?, error_message = ?, run_milliseconds = run_milliseconds + ?, finished_at = ?
      WHERE id = ?
      RETURNING extras
      """, status.rawValue, errorCode, errorMessage, run.milliseconds, now, id,
      row: { JobExtras(rawValue: $0.integer(0)) })
    if extras?.contains(.targets) ?? false { try Targets.endAll(job: id, in: database) }
    if extras?.contains(.secrets) ?? false { try Secrets.erase(job: id, in: database) }
  }

  /// A workspace's finished jobs whose files are older than `moment`, the oldest first; not those whose outputs wait for
  /// the archive of their batch.
  package static func withFiles(
    _ workspace: Int64, finishedBefore moment: Timestamp, limit: Int, in database: Database
  ) throws -> [Int64] {
    try database.all(
      """
      SELECT id
      FROM jobs
      WHERE workspace_id = ? AND finished_at < ? AND finished_at IS NOT NULL AND files_expired_at IS NULL
        AND NOT EXISTS (
          SELECT 1 FROM batches WHERE id = jobs.batch_id AND status = 'processing' AND mode = 'zip')
      ORDER BY finished_at
      LIMIT ?
      """, workspace, moment, limit, row: { $0.integer(0) })
  }

  /// Forgets the files of a job, its inputs or all of them, and takes their bytes off what the workspace stores.
  package static func takeFiles(_ workspace: Int64, job: Int64, inputsOnly: Bool = false, in database: Database) throws
    -> TakenFiles
  {
    var files = try Inputs.takeFiles(job: job, in: database)
    if !inputsOnly { files = try files + Outputs.takeFiles(job: job, in: database) }
    if files.bytes > 0 { try Usage.addStored(workspace, -files.bytes, in: database) }
    return files
  }

  /// When the files of a job went; nil while they are there.
  package static func filesExpired(id: Int64, in database: Database) throws -> Timestamp? {
    try database.first("SELECT files_expired_at FROM jobs WHERE id = ?", id, row: { $0.optionalMoment(0) }) ?? nil
  }

  package static func setFilesExpired(id: Int64, at now: Timestamp, in database: Database) throws {
    try database.run("UPDATE jobs SET files_expired_at = ? WHERE id = ?", now, id)
  }

  /// Deletes the rows of jobs whose files went before `moment`, with all that hangs on them; gives how many.
  package static func deleteHistory(filesExpiredBefore moment: Timestamp, limit: Int, in database: Database) throws
    -> Int
  {
    try database.run(
      """
      DELETE FROM jobs
      WHERE id IN (
        SELECT id
        FROM jobs
        WHERE files_expired_at < ? AND files_expired_at IS NOT NULL
        ORDER BY files_expired_at
        LIMIT ?
      )
      """, moment, limit)
    return database.changes
  }

  private static func job(_ row: borrowing Row) throws -> Job {
    try Job(
      id: row.integer(0), workspaceID: row.integer(1), number: row.integer(2), dialect: row.text(3),
      status: row.word(4), conversionType: row.text(5), sourceFormat: row.text(6),
      targetFormat: row.text(7), options: row.text(8), idempotencyKey: row.optionalText(9),
      webhookURL: row.optionalText(10), attempts: row.int(11), errorCode: row.optionalText(12),
      errorMessage: row.optionalText(13), createdAt: row.moment(14),
      startedAt: row.optionalMoment(16), run: .milliseconds(row.integer(17)), finishedAt: row.optionalMoment(15),
      batchID: row.optionalInteger(18), packsOutputs: !row.isNull(19), keyID: row.optionalInteger(20),
      tellsEveryChange: row.flag(21), extras: JobExtras(rawValue: row.integer(22)))
  }
}
