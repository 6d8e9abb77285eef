/// The table of codes over what the downloads of a job may be opened with.
package enum DownloadPasswords {
  /// The same one twice counts once.
  package static func insert(_ codes: [[UInt8]], job: Int64, in database: Database) throws {
    guard !codes.isEmpty else { return }
    for code in codes {
      try database.run("INSERT OR IGNORE INTO download_passwords (job_id, code) VALUES (?, ?)", job, code)
    }
    try Jobs.add(.downloadPasswords, id: job, in: database)
  }

  /// The same, in the place of those that the job has.
  package static func set(_ codes: [[UInt8]], job: Int64, in database: Database) throws {
    try database.run("DELETE FROM download_passwords WHERE job_id = ?", job)
    try insert(codes, job: job, in: database)
  }

  /// What opens each file of a batch opens its archive.
  package static func take(fromBatch batch: Int64, job: Int64, in database: Database) throws {
    try database.run(
      """
      INSERT OR IGNORE INTO download_passwords (job_id, code)
      SELECT ?, code
      FROM jobs
      JOIN download_passwords ON download_passwords.job_id = jobs.id
      WHERE batch_id = ?
      """, job, batch)
    if database.changes > 0 { try Jobs.add(.downloadPasswords, id: job, in: database) }
  }

  package static func all(job: Int64, in database: Database) throws -> [[UInt8]] {
    try database.all("SELECT code FROM download_passwords WHERE job_id = ?", job, row: { $0.blob(0) })
  }
}
