/// A file that a job converts.
package struct Input: Sendable, Equatable {
  package let id: Int64
  package let position: Int
  package let fileName: String
  package let blob: String?
  package let size: Int64?
}

/// The table of inputs.
package enum Inputs {
  /// Adds an uploaded file that is already in place.
  package static func insert(
    job: Int64, position: Int, fileName: String, blob: String, size: Int64, sha256: [UInt8]?, in database: Database
  ) throws {
    try database.run(
      """
      INSERT INTO inputs (job_id, position, kind, file_name, blob, size, sha256, status)
      VALUES (?, ?, 'upload', ?, ?, ?, ?, 'ready')
      """, job, position, fileName, blob, size, sha256)
  }

  package static func all(job: Int64, in database: Database) throws -> [Input] {
    try database.all(
      """
      SELECT id, position, file_name, blob, size
      FROM inputs
      WHERE job_id = ?
      ORDER BY position
      """, job
    ) { row in
      Input(
        id: row.integer(0), position: row.int(1), fileName: row.text(2), blob: row.optionalText(3),
        size: row.optionalInteger(4))
    }
  }

  /// Forgets where the files were, before they are deleted, and gives them.
  static func takeFiles(job: Int64, in database: Database) throws -> StoredFiles {
    var files = StoredFiles()
    for input in try all(job: job, in: database) {
      if let blob = input.blob { files.add(blob, input.size ?? 0) }
    }
    try database.run("UPDATE inputs SET blob = NULL WHERE job_id = ?", job)
    return files
  }
}
