/// A file that a job had made, and that is gone by now.
package struct PastOutput: Sendable, Equatable {
  package let fileName: String
  /// In bytes.
  package let size: Int64
}

/// The table of what jobs had made whose files are gone.
package enum PastOutputs {
  /// Notes what a job has made, before its files are taken.
  package static func keep(job: Int64, in database: Database) throws {
    try database.run(
      """
      INSERT OR IGNORE INTO past_outputs (job_id, position, file_name, size)
      SELECT job_id, position, file_name, size
      FROM outputs
      WHERE job_id = ?
      """, job)
  }

  package static func all(job: Int64, in database: Database) throws -> [PastOutput] {
    try database.all(
      "SELECT file_name, size FROM past_outputs WHERE job_id = ? ORDER BY position", job,
      row: { PastOutput(fileName: $0.text(0), size: $0.integer(1)) })
  }
}
