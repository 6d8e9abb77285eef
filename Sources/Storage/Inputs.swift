/// A file that a job converts, or lays over those that it converts.
package struct Input: Sendable, Equatable {
  package enum Role: String, Sendable {
    case source, overlay
  }

  package let id: Int64
  package let position: Int
  package let fileName: String
  package let blob: String?
  package let size: Int64?
  package let role: Role
  /// Where it is fetched from.
  package let address: String?
}

/// What a new input is made of: a file that is in place, or the address of one that is to be fetched.
package struct NewInput: Sendable {
  package enum Content: Sendable {
    case file(blob: String, size: Int64, sha256: [UInt8]?)
    case address(String)
  }

  package let fileName: String
  package let role: Input.Role
  package let content: Content

  package init(fileName: String, role: Input.Role = .source, _ content: Content) {
    self.fileName = fileName
    self.role = role
    self.content = content
  }
}

/// The table of inputs.
package enum Inputs {
  /// Adds an input and gives its row number.
  @discardableResult
  package static func insert(_ input: NewInput, job: Int64, position: Int, in database: Database) throws -> Int64 {
    switch input.content {
    case .file(let blob, let size, let sha256):
      try database.run(
        """
        INSERT INTO inputs (job_id, position, kind, role, file_name, blob, size, sha256, status)
        VALUES (?, ?, 'upload', ?, ?, ?, ?, ?, 'ready')
        """, job, position, input.role.rawValue, input.fileName, blob, size, sha256)
    case .address(let address):
      try database.run(
        """
        INSERT INTO inputs (job_id, position, kind, role, file_name, source, status)
        VALUES (?, ?, 'url', ?, ?, ?, 'downloading')
        """, job, position, input.role.rawValue, input.fileName, address)
    }
    return database.lastRow
  }

  package static func all(job: Int64, in database: Database) throws -> [Input] {
    try database.all(
      """
      SELECT id, position, file_name, blob, size, role, source
      FROM inputs
      WHERE job_id = ?
      ORDER BY position
      """, job
    ) { row in
      Input(
        id: row.integer(0), position: row.int(1), fileName: row.text(2), blob: row.optionalText(3),
        size: row.optionalInteger(4), role: try row.word(5), address: row.optionalText(6))
    }
  }

  /// Gives a file the name that its server has for it.
  package static func setName(id: Int64, _ name: String, in database: Database) throws {
    try database.run("UPDATE inputs SET file_name = ? WHERE id = ?", name, id)
  }

  /// Puts a file that was fetched in its place; false when nobody waits for it any more.
  package static func setReady(id: Int64, blob: String, size: Int64, sha256: [UInt8], in database: Database) throws
    -> Bool
  {
    try database.run(
      """
      UPDATE inputs
      SET blob = ?, size = ?, sha256 = ?, status = 'ready'
      WHERE id = ? AND status = 'downloading'
      """, blob, size, sha256, id)
    return database.changes == 1
  }

  /// Makes a file wait to be fetched again.
  package static func setDownloading(id: Int64, in database: Database) throws {
    try database.run("UPDATE inputs SET status = 'downloading', error_message = NULL WHERE id = ?", id)
  }

  package static func setFailed(id: Int64, _ message: String, in database: Database) throws {
    try database.run("UPDATE inputs SET status = 'failed', error_message = ? WHERE id = ?", message, id)
  }

  /// Makes the outputs of a batch's tasks the inputs of the job that packs them.
  package static func takeOutputs(batch: Int64, for job: Int64, in database: Database) throws {
    try database.run(
      """
      INSERT INTO inputs (job_id, position, kind, file_name, blob, size, sha256, status)
      SELECT ?, row_number() OVER (ORDER BY jobs.id, outputs.position) - 1, 'output', outputs.file_name, outputs.blob,
        outputs.size, outputs.sha256, 'ready'
      FROM jobs JOIN outputs ON outputs.job_id = jobs.id
      WHERE jobs.batch_id = ?
      """, job, batch)
    try database.run("DELETE FROM outputs WHERE job_id IN (SELECT id FROM jobs WHERE batch_id = ?)", batch)
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
