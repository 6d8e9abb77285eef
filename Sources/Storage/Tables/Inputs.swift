package import Basics

/// A file that a job converts, or lays over those that it converts.
package struct Input: Sendable, Equatable {
  package enum Role: String, Sendable {
    case source, overlay
  }

  /// How it came.
  package enum Kind: String, Sendable {
    case upload, url, base64, output
  }

  package enum Status: String, Sendable {
    case downloading, ready, failed
  }

  package let id: Int64
  package let position: Int
  package let fileName: String
  package let blob: String?
  package let size: Int64?
  package let role: Role
  /// Where it is fetched from, or the page that it leads to.
  package let address: String?
  package let kind: Kind
  package let status: Status
  package let errorMessage: String?
  /// Known for files that were fetched, and for those of a request with an idempotency key.
  package let sha256: [UInt8]?
  /// What it is, when that is not as its job says.
  package let format: String?
  /// When it came, when that was after its job.
  package let createdAt: Timestamp?
  /// When it was fetched, or could not be.
  package let changedAt: Timestamp?
}

extension Input {
  /// A file that one step of a job has made of another and the next goes on with; it has no row, and `origin` is that of
  /// the file that it comes of, or 0.
  package static func made(_ name: String, of origin: Int64, at position: Int, size: Int64) -> Input {
    Input(
      id: origin, position: position, fileName: name, blob: nil, size: size, role: .source, address: nil, kind: .output,
      status: .ready, errorMessage: nil, sha256: nil, format: nil, createdAt: nil, changedAt: nil)
  }
}

/// What a new input is made of: a file that is in place, or the address of one that is to be fetched.
package struct NewInput: Sendable {
  package enum Content: Sendable {
    case file(blob: String, size: Int64, sha256: [UInt8]?)
    case address(String)
    /// What people are shown of the place that it is fetched from, that place as it is kept, and what opens it.
    case cloud(String, place: String, credentials: String)

    /// True while the file is elsewhere.
    package var isElsewhere: Bool { if case .file = self { false } else { true } }
  }

  package let fileName: String
  package let role: Input.Role
  package let content: Content
  /// What it is, when that is not as its job says.
  package var format: String?
  /// The address of the page that a file in place leads to.
  package var page: String?
  /// When it came, when that was after its job.
  package var createdAt: Timestamp?

  package init(fileName: String, role: Input.Role = .source, _ content: Content) {
    self.fileName = fileName
    self.role = role
    self.content = content
  }
}

/// The table of inputs.
package enum Inputs {
  /// Where a workspace's file is; nil when it has none of that row, or not any more.
  package static func file(id: Int64, of workspace: Int64, in database: Database) throws -> (
    blob: String, name: String, size: Int64
  )? {
    try database.first(
      """
      SELECT inputs.blob, inputs.file_name, inputs.size
      FROM inputs
      JOIN jobs ON jobs.id = inputs.job_id
      WHERE inputs.id = ? AND jobs.workspace_id = ? AND inputs.blob IS NOT NULL
      """, id, workspace, row: { ($0.text(0), $0.text(1), $0.optionalInteger(2) ?? 0) })
  }

  /// Adds an input and gives its row number.
  @discardableResult
  package static func insert(_ input: NewInput, job: Int64, position: Int, in database: Database) throws -> Int64 {
    switch input.content {
    case .file(let blob, let size, let sha256):
      try database.run(
        """
        INSERT INTO inputs (job_id, position, kind, role, file_name, source, blob, size, sha256, status, format,
          created_at)
        VALUES (?, ?, 'upload', ?, ?, ?, ?, ?, ?, 'ready', ?, ?)
        """, job, position, input.role.rawValue, input.fileName, input.page, blob, size, sha256, input.format,
        input.createdAt)
    case .address(let address), .cloud(let address, _, _):
      try database.run(
        """
        INSERT INTO inputs (job_id, position, kind, role, file_name, source, status, created_at)
        VALUES (?, ?, 'url', ?, ?, ?, 'downloading', ?)
        """, job, position, input.role.rawValue, input.fileName, address, input.createdAt)
    }
    return database.lastRow
  }

  package static func all(job: Int64, in database: Database) throws -> [Input] {
    try database.all(
      """
      SELECT id, position, file_name, blob, size, role, source, kind, status, error_message, sha256, format, created_at,
        changed_at
      FROM inputs
      WHERE job_id = ?
      ORDER BY position
      """, job
    ) { row in
      Input(
        id: row.integer(0), position: row.int(1), fileName: row.text(2), blob: row.optionalText(3),
        size: row.optionalInteger(4), role: try row.word(5), address: row.optionalText(6), kind: try row.word(7),
        status: try row.word(8), errorMessage: row.optionalText(9), sha256: row.isNull(10) ? nil : row.blob(10),
        format: row.optionalText(11), createdAt: row.optionalMoment(12), changedAt: row.optionalMoment(13))
    }
  }

  /// How many sources a job has, and the position after the last one.
  package static func sources(job: Int64, in database: Database) throws -> (count: Int, next: Int) {
    try database.first(
      """
      SELECT count(*), coalesce(max(position) + 1, 0)
      FROM inputs
      WHERE job_id = ? AND role = 'source'
      """, job, row: { ($0.int(0), $0.int(1)) }) ?? (0, 0)
  }

  /// Gives a file the name that its server has for it.
  package static func setName(id: Int64, _ name: String, in database: Database) throws {
    try database.run("UPDATE inputs SET file_name = ? WHERE id = ?", name, id)
  }

  /// Puts a file that was fetched in its place; false when nobody waits for it any more.
  ///
  /// `format` is what it is, when that is not as its job says.
  package static func setReady(
    id: Int64, blob: String, size: Int64, sha256: [UInt8], format: String? = nil, at now: Timestamp,
    in database: Database
  ) throws -> Bool {
    try database.run(
      """
      UPDATE inputs
      SET blob = ?, size = ?, sha256 = ?, status = 'ready', format = ?, changed_at = ?
      WHERE id = ? AND status = 'downloading'
      """, blob, size, sha256, format, now, id)
    return database.changes == 1
  }

  package static func setFailed(id: Int64, _ message: String, at now: Timestamp, in database: Database) throws {
    try database.run(
      "UPDATE inputs SET status = 'failed', error_message = ?, changed_at = ? WHERE id = ?", message, now, id)
  }

  /// Deletes a job's input and gives its file; the file is none that is to be fetched any more.
  package static func delete(id: Int64, job: Int64, in database: Database) throws -> TakenFiles {
    var files = TakenFiles()
    try database.run("DELETE FROM downloads WHERE input_id = ?", id)
    let found = try database.all(
      "DELETE FROM inputs WHERE id = ? AND job_id = ? RETURNING blob, size", id, job,
      row: { ($0.optionalText(0), $0.optionalInteger(1)) })
    for case (let blob?, let size) in found { files.add(blob, size ?? 0) }
    return files
  }

  /// Gives sources of a job the positions from 0 on.
  package static func setOrder(_ ids: [Int64], job: Int64, in database: Database) throws {
    for (position, id) in ids.enumerated() {
      try database.run("UPDATE inputs SET position = ? WHERE id = ? AND job_id = ?", position, id, job)
    }
  }

  /// Makes a source the one that is laid over the others.
  package static func setOverlay(id: Int64, position: Int, in database: Database) throws {
    try database.run("UPDATE inputs SET role = 'overlay', position = ? WHERE id = ?", position, id)
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
  static func takeFiles(job: Int64, in database: Database) throws -> TakenFiles {
    var files = TakenFiles()
    for input in try all(job: job, in: database) {
      if let blob = input.blob { files.add(blob, input.size ?? 0) }
    }
    try database.run("UPDATE inputs SET blob = NULL WHERE job_id = ?", job)
    return files
  }
}
