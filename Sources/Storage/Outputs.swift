package import Basics

/// A converted file.
package struct Output: Sendable, Equatable {
  package let id: Int64
  package let fileName: String
  package let blob: String
  package let mediaType: String
  package let size: Int64
  package let sha256: [UInt8]
  /// Words with spaces between them, or nil.
  package var warnings: String?
}

/// What a new output is made of.
package struct NewOutput: Sendable {
  /// The only input that it was made of.
  package let inputID: Int64?
  package let fileName: String
  package let mediaType: String
  package let size: Int64
  package let sha256: [UInt8]
  package let width: Int?
  package let height: Int?
  package let warnings: String?

  package init(
    inputID: Int64?, fileName: String, mediaType: String, size: Int64, sha256: [UInt8], width: Int?, height: Int?,
    warnings: String? = nil
  ) {
    self.warnings = warnings
    self.inputID = inputID
    self.fileName = fileName
    self.mediaType = mediaType
    self.size = size
    self.sha256 = sha256
    self.width = width
    self.height = height
  }
}

/// The table of outputs.
package enum Outputs {
  package static func insert(
    _ output: NewOutput, job: Int64, position: Int, blob: String, at now: Timestamp, in database: Database
  ) throws {
    try database.run(
      """
      INSERT INTO outputs (job_id, input_id, position, file_name, blob, media_type, size, sha256, width, height,
        created_at, warnings)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, job, output.inputID, position, output.fileName, blob, output.mediaType, output.size, output.sha256,
      output.width, output.height, now, output.warnings)
  }

  package static func all(job: Int64, in database: Database) throws -> [Output] {
    try database.all(
      """
      SELECT id, file_name, blob, media_type, size, sha256, warnings
      FROM outputs
      WHERE job_id = ?
      ORDER BY position
      """, job, row: output)
  }

  /// The output of a signed link; the link itself is the permission.
  package static func linked(id: Int64, in database: Database) throws -> Output? {
    try database.first(
      """
      SELECT outputs.id, outputs.file_name, outputs.blob, outputs.media_type, outputs.size, outputs.sha256,
        outputs.warnings
      FROM outputs
      JOIN jobs ON jobs.id = outputs.job_id
      JOIN workspaces ON workspaces.id = jobs.workspace_id
      WHERE outputs.id = ? AND workspaces.state = 'approved'
      """, id, row: output)
  }

  /// Deletes the rows and gives their files.
  static func takeFiles(job: Int64, in database: Database) throws -> StoredFiles {
    var files = StoredFiles()
    let found = try database.all(
      "DELETE FROM outputs WHERE job_id = ? RETURNING blob, size", job, row: { ($0.text(0), $0.integer(1)) })
    for (blob, size) in found { files.add(blob, size) }
    return files
  }

  private static func output(_ row: borrowing Row) -> Output {
    Output(
      id: row.integer(0), fileName: row.text(1), blob: row.text(2), mediaType: row.text(3), size: row.integer(4),
      sha256: row.blob(5), warnings: row.optionalText(6))
  }
}
