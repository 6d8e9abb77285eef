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
  /// The only input that it was made of; nil when there were several.
  package var inputID: Int64?
  /// The position of the task that made it.
  package var task = 0
  package var width: Int?
  package var height: Int?
  package var downloads = 0
  package var createdAt: Timestamp

  package init(
    id: Int64, fileName: String, blob: String, mediaType: String, size: Int64, sha256: [UInt8],
    createdAt: Timestamp = Timestamp(milliseconds: 0)
  ) {
    self.id = id
    self.fileName = fileName
    self.blob = blob
    self.mediaType = mediaType
    self.size = size
    self.sha256 = sha256
    self.createdAt = createdAt
  }
}

/// A converted file with what a download has to know of its job.
package struct LinkedOutput: Sendable {
  package let output: Output
  package let job: Int64
  package let dialect: String
  package let extras: JobExtras
}

/// What a new output is made of.
package struct NewOutput: Sendable {
  /// The only input that it was made of.
  package let inputID: Int64?
  package var fileName: String
  package let mediaType: String
  package let size: Int64
  package let sha256: [UInt8]
  package let width: Int?
  package let height: Int?
  package let warnings: String?
  /// The position of the task that made it.
  package var task = 0
  /// Where it was in an archive, with "/" between the parts; only known while its job ends.
  package var path: String?

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
  /// Where a workspace's file is; nil when it has none of that row, or not any more.
  package static func file(id: Int64, of workspace: Int64, in database: Database) throws -> (
    blob: String, name: String, size: Int64
  )? {
    try database.first(
      """
      SELECT outputs.blob, outputs.file_name, outputs.size
      FROM outputs
      JOIN jobs ON jobs.id = outputs.job_id
      WHERE outputs.id = ? AND jobs.workspace_id = ?
      """, id, workspace, row: { ($0.text(0), $0.text(1), $0.optionalInteger(2) ?? 0) })
  }

  package static func insert(
    _ output: NewOutput, job: Int64, position: Int, blob: String, at now: Timestamp, in database: Database
  ) throws {
    try database.run(
      """
      INSERT INTO outputs (job_id, input_id, position, file_name, blob, media_type, size, sha256, width, height,
        created_at, warnings, task)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, job, output.inputID, position, output.fileName, blob, output.mediaType, output.size, output.sha256,
      output.width, output.height, now, output.warnings, output.task == 0 ? nil : output.task)
  }

  package static func all(job: Int64, in database: Database) throws -> [Output] {
    try database.all(
      """
      SELECT id, file_name, blob, media_type, size, sha256, warnings, input_id, task, width, height, downloads, created_at
      FROM outputs
      WHERE job_id = ?
      ORDER BY position
      """, job, row: output)
  }

  /// The output of a signed link, and of its job what a download has to know; the link itself is the permission.
  package static func linked(id: Int64, in database: Database) throws -> LinkedOutput? {
    try database.first(
      """
      SELECT outputs.id, outputs.file_name, outputs.blob, outputs.media_type, outputs.size, outputs.sha256,
        outputs.warnings, outputs.input_id, outputs.task, outputs.width, outputs.height, outputs.downloads,
        outputs.created_at, jobs.id, jobs.dialect, jobs.extras
      FROM outputs
      JOIN jobs ON jobs.id = outputs.job_id
      JOIN workspaces ON workspaces.id = jobs.workspace_id
      WHERE outputs.id = ? AND workspaces.state = 'approved'
      """, id
    ) { row in
      LinkedOutput(
        output: output(row), job: row.integer(13), dialect: row.text(14),
        extras: JobExtras(rawValue: row.integer(15)))
    }
  }

  /// Counts a download.
  package static func countDownload(id: Int64, in database: Database) throws {
    try database.run("UPDATE outputs SET downloads = downloads + 1 WHERE id = ?", id)
  }

  /// Gives an output of a job another name; false when the job has none of that row.
  package static func setName(id: Int64, job: Int64, _ name: String, in database: Database) throws -> Bool {
    try database.run("UPDATE outputs SET file_name = ? WHERE id = ? AND job_id = ?", name, id, job)
    return database.changes == 1
  }

  /// Deletes an output of a job and gives its file; nothing when the job has none of that row.
  package static func delete(id: Int64, job: Int64, in database: Database) throws -> TakenFiles {
    var files = TakenFiles()
    let found = try database.all(
      "DELETE FROM outputs WHERE id = ? AND job_id = ? RETURNING blob, size", id, job,
      row: { ($0.text(0), $0.integer(1)) })
    for (blob, size) in found { files.add(blob, size) }
    return files
  }

  /// Deletes the rows and gives their files.
  static func takeFiles(job: Int64, in database: Database) throws -> TakenFiles {
    var files = TakenFiles()
    let found = try database.all(
      "DELETE FROM outputs WHERE job_id = ? RETURNING blob, size", job, row: { ($0.text(0), $0.integer(1)) })
    for (blob, size) in found { files.add(blob, size) }
    return files
  }

  private static func output(_ row: borrowing Row) -> Output {
    var output = Output(
      id: row.integer(0), fileName: row.text(1), blob: row.text(2), mediaType: row.text(3), size: row.integer(4),
      sha256: row.blob(5), createdAt: row.moment(12))
    output.warnings = row.optionalText(6)
    output.inputID = row.optionalInteger(7)
    output.task = row.int(8)
    output.width = row.optionalInteger(9).map { Int($0) }
    output.height = row.optionalInteger(10).map { Int($0) }
    output.downloads = row.int(11)
    return output
  }
}
