/// What a job is until it is started, and may be changed in.
package struct JobDraft: Sendable {
  package let job: Job
  package let inputs: [Input]
  /// What its dialect keeps with it.
  package var dialectData: String?
  package var webhookURL: String?
  package var webhookSecret: String?
  package var tellsEveryChange: Bool
  /// `JobExtras.wishes` of it are to be changed, nothing else.
  package var extras: JobExtras

  package init(_ job: Job, in database: Database) throws {
    self.job = job
    inputs = try Inputs.all(job: job.id, in: database)
    dialectData = try Jobs.dialectData(id: job.id, in: database)
    webhookURL = job.webhookURL
    webhookSecret = try Jobs.webhookSecret(id: job.id, in: database)
    tellsEveryChange = job.tellsEveryChange
    extras = job.extras
  }
}

/// Changes of jobs that wait for their start.
extension Jobs {
  package static func set(_ draft: JobDraft, in database: Database) throws {
    let kept = JobExtras.wishes.rawValue
    try database.run(
      """
      UPDATE jobs
      SET webhook_url = ?, webhook_secret = ?, every_change = ?, dialect_data = ?,
        extras = (coalesce(extras, 0) & ~?) | ?
      WHERE id = ?
      """, draft.webhookURL, draft.webhookSecret, draft.tellsEveryChange ? 1 : 0, draft.dialectData, kept,
      draft.extras.rawValue & kept, draft.job.id)
  }

  /// Puts tasks in the place of those that a job has; at least one.
  package static func setTasks(_ tasks: [JobTask], id: Int64, in database: Database) throws {
    try database.run("DELETE FROM tasks WHERE job_id = ?", id)
    try database.run(
      """
      UPDATE jobs
      SET conversion_type = ?, target_format = ?, options = ?, extras = coalesce(extras, 0) & ~?
      WHERE id = ?
      """, tasks[0].conversionType, tasks[0].targetFormat, tasks[0].options, JobExtras.tasks.rawValue, id)
    try Tasks.insert(tasks, job: id, in: database)
  }

  /// A workspace's jobs of one dialect that are in any of `statuses`, the newest first, after `skipped` of them.
  ///
  /// `notStarted` says whether those are among them that were canceled because nobody started them.
  package static func page(
    _ workspace: Int64, dialect: String, in statuses: [JobStatus], notStarted: Bool, skipping skipped: Int, limit: Int,
    in database: Database
  ) throws -> [Int64] {
    try database.all(
      """
      SELECT id
      FROM jobs
      WHERE workspace_id = ? AND dialect = ?
        AND instr(?, ' ' || iif(status = 'canceled' AND error_code = 'not_started', error_code, status) || ' ') > 0
      ORDER BY id DESC
      LIMIT ? OFFSET ?
      """, workspace, dialect, words(statuses, notStarted), limit, skipped, row: { $0.integer(0) })
  }

  /// How many there are.
  package static func count(
    _ workspace: Int64, dialect: String, in statuses: [JobStatus], notStarted: Bool, in database: Database
  ) throws -> Int {
    try database.first(
      """
      SELECT count(*)
      FROM jobs
      WHERE workspace_id = ? AND dialect = ?
        AND instr(?, ' ' || iif(status = 'canceled' AND error_code = 'not_started', error_code, status) || ' ') > 0
      """, workspace, dialect, words(statuses, notStarted), row: { $0.int(0) }) ?? 0
  }

  /// A workspace's jobs of one dialect that wait for their start or for their files, as `statuses` say; the newest first.
  package static func waiting(
    _ workspace: Int64, dialect: String, in statuses: [JobStatus], in database: Database
  ) throws -> [Int64] {
    let rows = try statuses.flatMap { status in
      try database.all(
        """
        SELECT id
        FROM jobs
        WHERE workspace_id = ? AND status = ? AND status <> 'completed' AND dialect = ?
        ORDER BY id DESC
        """, workspace, status.rawValue, dialect, row: { $0.integer(0) })
    }
    return rows.sorted(by: >)
  }

  private static func words(_ statuses: [JobStatus], _ notStarted: Bool) -> String {
    " " + (statuses.map(\.rawValue) + (notStarted ? ["not_started"] : [])).map { $0 + " " }.joined()
  }
}
