package import Basics

/// Many files converted alike, each a job of its own.
package struct Batch: Sendable, Equatable {
  package enum Mode: String, Sendable, CaseIterable {
    /// Each output has a link of its own.
    case individual
    /// All outputs are in one ZIP archive.
    case zip
  }

  package enum Status: String, Sendable, CaseIterable {
    case processing, completed, partial, failed, canceled
  }

  package let id: Int64
  package let workspaceID: Int64
  package let dialect: String
  package let mode: Mode
  package let status: Status
  package let total: Int
  package let completed: Int
  package let failed: Int
  package let canceled: Int
  package let webhookURL: String?
  package let notificationEmail: String?
  package let errorMessage: String?
  package let createdAt: Timestamp
  package let finishedAt: Timestamp?
  /// The job that packs the outputs.
  package let archiveJobID: Int64?
  /// True while more jobs may come, false when no more will; nil for a batch that came as a whole.
  package var isOpen: Bool?

  package var inProgress: Int { total - completed - failed - canceled }

  /// What the batch has come to, once none of its tasks is under way.
  package var outcome: Status {
    if completed == total { return .completed }
    if completed > 0 { return .partial }
    return canceled == total ? .canceled : .failed
  }
}

/// What a new batch is made of.
package struct NewBatch: Sendable {
  package var workspaceID: Int64
  package var keyID: Int64?
  package var dialect: String
  package var mode: Batch.Mode
  package var total: Int
  package var webhookURL: String?
  package var webhookSecret: String?
  package var notificationEmail: String?
  package var createdAt: Timestamp

  package init(
    workspaceID: Int64, keyID: Int64?, dialect: String, mode: Batch.Mode, total: Int, webhookURL: String? = nil,
    webhookSecret: String? = nil, notificationEmail: String? = nil, createdAt: Timestamp
  ) {
    self.workspaceID = workspaceID
    self.keyID = keyID
    self.dialect = dialect
    self.mode = mode
    self.total = total
    self.webhookURL = webhookURL
    self.webhookSecret = webhookSecret
    self.notificationEmail = notificationEmail
    self.createdAt = createdAt
  }
}

/// The table of batches; their counts change in the transactions that end their jobs.
package enum Batches {
  /// What `batch` reads, in its order.
  private static let columns: StaticString = """
    id, workspace_id, dialect, mode, status, total, completed, failed, canceled, webhook_url,
    notification_email, error_message, created_at, finished_at, archive_job_id, is_open
    """

  package static func insert(_ batch: NewBatch, in database: Database) throws -> Int64 {
    try database.run(
      """
      INSERT INTO batches (workspace_id, key_id, dialect, mode, status, total, webhook_url, webhook_secret,
        notification_email, created_at)
      VALUES (?, ?, ?, ?, 'processing', ?, ?, ?, ?, ?)
      """, batch.workspaceID, batch.keyID, batch.dialect, batch.mode.rawValue, batch.total, batch.webhookURL,
      batch.webhookSecret, batch.notificationEmail, batch.createdAt)
    return database.lastRow
  }

  /// A workspace's batch; another workspace's is not found.
  package static func find(_ workspace: Int64, id: Int64, in database: Database) throws -> Batch? {
    try load(id: id, in: database).flatMap { $0.workspaceID == workspace ? $0 : nil }
  }

  /// A batch for the engine's own work, whoever it belongs to.
  package static func load(id: Int64, in database: Database) throws -> Batch? {
    try database.first(
      selecting: columns,
      """
      FROM batches
      WHERE id = ?
      """, id, row: batch)
  }

  /// The batch whose outputs a job packs.
  package static func packed(by job: Int64, in database: Database) throws -> Int64? {
    try database.first("SELECT id FROM batches WHERE archive_job_id = ?", job, row: { $0.integer(0) })
  }

  /// A workspace's batches below row `before`, the newest first.
  package static func list(_ workspace: Int64, before: Int64, limit: Int, in database: Database) throws -> [Batch] {
    try database.all(
      selecting: columns,
      """
      FROM batches
      WHERE workspace_id = ? AND id < ?
      ORDER BY id DESC
      LIMIT ?
      """, workspace, before, limit, row: batch)
  }

  /// The secret that came with a batch's own webhook address.
  package static func webhookSecret(id: Int64, in database: Database) throws -> String? {
    try database.first("SELECT webhook_secret FROM batches WHERE id = ?", id, row: { $0.optionalText(0) }) ?? nil
  }

  /// The jobs of a batch after row `after`, in the order of their files.
  package static func jobs(_ batch: Int64, after: Int64 = 0, limit: Int = .max, in database: Database) throws -> [Int64]
  {
    try database.all(
      """
      SELECT id
      FROM jobs
      WHERE batch_id = ? AND id > ?
      ORDER BY id
      LIMIT ?
      """, batch, after, limit, row: { $0.integer(0) })
  }

  /// Counts a task that has ended.
  package static func count(_ batch: Int64, _ status: JobStatus, by amount: Int = 1, in database: Database) throws {
    switch status {
    case .completed:
      try database.run("UPDATE batches SET completed = completed + ? WHERE id = ?", amount, batch)
    case .failed: try database.run("UPDATE batches SET failed = failed + ? WHERE id = ?", amount, batch)
    case .canceled: try database.run("UPDATE batches SET canceled = canceled + ? WHERE id = ?", amount, batch)
    case .incomplete, .downloading, .pending, .processing: preconditionFailure("the task is under way")
    }
  }

  package static func setArchiveJob(_ batch: Int64, _ job: Int64, in database: Database) throws {
    try database.run("UPDATE batches SET archive_job_id = ? WHERE id = ?", job, batch)
  }

  /// Names who gets mail of a batch's end.
  package static func setMail(_ batch: Int64, _ address: String, in database: Database) throws {
    try database.run("UPDATE batches SET notification_email = ? WHERE id = ?", address, batch)
  }

  package static func setFinished(
    _ batch: Int64, _ status: Batch.Status, _ message: String? = nil, at now: Timestamp, in database: Database
  ) throws {
    try database.run(
      "UPDATE batches SET status = ?, error_message = ?, finished_at = ? WHERE id = ?", status.rawValue, message, now,
      batch)
  }

  package static func delete(_ workspace: Int64, id: Int64, in database: Database) throws {
    try database.run("DELETE FROM batches WHERE id = ? AND workspace_id = ?", id, workspace)
  }

  /// Deletes batches that ended before `moment` and of which no job is left; gives how many.
  package static func deleteHistory(finishedBefore moment: Timestamp, limit: Int, in database: Database) throws -> Int {
    try database.run(
      """
      DELETE FROM batches
      WHERE id IN (
        SELECT id
        FROM batches
        WHERE finished_at < ? AND finished_at IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.batch_id = batches.id)
        ORDER BY finished_at
        LIMIT ?
      )
      """, moment, limit)
    return database.changes
  }

  private static func batch(_ row: borrowing Row) throws -> Batch {
    try Batch(
      id: row.integer(0), workspaceID: row.integer(1), dialect: row.text(2),
      mode: row.word(3), status: row.word(4),
      total: row.int(5), completed: row.int(6), failed: row.int(7), canceled: row.int(8),
      webhookURL: row.optionalText(9), notificationEmail: row.optionalText(10), errorMessage: row.optionalText(11),
      createdAt: row.moment(12), finishedAt: row.optionalMoment(13), archiveJobID: row.optionalInteger(14),
      isOpen: row.optionalInteger(15).map { $0 != 0 })
  }
}
