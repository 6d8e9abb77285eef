package import Basics

/// The small table of idempotency keys and the jobs and batches they made.
package enum Idempotency {
  /// How long a key is kept (the seed promises at least a day).
  package static let lifetime = Duration.seconds(24 * 3600)

  package struct Entry: Sendable, Equatable {
    /// Nil for a batch that was taken without a job.
    package let jobID: Int64?
    package let batchID: Int64?
    package let fingerprint: [UInt8]
  }

  /// The job that a workspace made with this key on this route, unless the key is too old.
  package static func find(_ workspace: Int64, route: String, key: String, at now: Timestamp, in database: Database)
    throws -> Entry?
  {
    try database.first(
      """
      SELECT job_id, batch_id, fingerprint
      FROM idempotency
      WHERE workspace_id = ? AND route = ? AND key = ? AND created_at > ?
      """, workspace, route, key, now - lifetime
    ) { row in
      Entry(jobID: row.optionalInteger(0), batchID: row.optionalInteger(1), fingerprint: row.blob(2))
    }
  }

  /// Remembers a key in the transaction that makes its job, or its batch without a job, over an expired one.
  package static func insert(
    _ workspace: Int64, route: String, key: String, job: Int64?, batch: Int64? = nil, fingerprint: [UInt8],
    at now: Timestamp, in database: Database
  ) throws {
    try database.run(
      """
      INSERT OR REPLACE INTO idempotency (workspace_id, route, key, job_id, batch_id, fingerprint, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, workspace, route, key, job, batch, fingerprint, now)
  }

  package static func deleteExpired(at now: Timestamp, in database: Database) throws {
    try database.run("DELETE FROM idempotency WHERE created_at <= ?", now - lifetime)
  }
}
