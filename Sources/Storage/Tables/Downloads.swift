/// A file that is being fetched for a job.
package struct Pickup: Sendable, Equatable {
  package let inputID: Int64
  package let jobID: Int64
  package let workspaceID: Int64
  package let fileName: String
  package let role: Input.Role
  package let address: String
  /// The largest file that may come of it, in bytes.
  package let mostBytes: Int64
  /// Where it is when that is no address alone, as the text that it is kept as, and what opens it.
  package let place: String?
  package let credentials: JobSecret
}

/// The table of files that are still to be fetched.
package enum Downloads {
  /// Lists a new input, unless its file is here; what opens its place becomes a secret of the job.
  package static func insert(
    _ content: NewInput.Content, input: Int64, job: Int64, workspace: Int64, mostBytes: Int64, in database: Database
  ) throws {
    guard content.isElsewhere else { return }
    var place: String?
    if case .cloud(_, let text, let credentials) = content {
      place = text
      try Secrets.insert([JobSecret(name: JobSecret.nameOfInput(input), value: credentials)], job: job, in: database)
    }
    try database.run(
      """
      INSERT INTO downloads (input_id, job_id, workspace_id, most_bytes, state, place)
      VALUES (?, ?, ?, ?, 'waiting', ?)
      """, input, job, workspace, mostBytes, place)
  }

  /// Takes the next file of a workspace after `place` that fetches fewer than `most` now, or nil.
  package static func claim(after place: Int64, most: Int, in database: Database) throws -> Pickup? {
    var place = place
    while true {
      let next: (input: Int64, workspace: Int64)? = try database.first(
        """
        SELECT input_id, workspace_id
        FROM downloads
        WHERE state = 'waiting' AND workspace_id > ?
        ORDER BY workspace_id, input_id
        LIMIT 1
        """, place, row: { ($0.integer(0), $0.integer(1)) })
      guard let next else { return nil }
      if try countRunning(next.workspace, in: database) < most { return try take(next.input, in: database) }
      place = next.workspace
    }
  }

  private static func countRunning(_ workspace: Int64, in database: Database) throws -> Int {
    try database.first(
      "SELECT count(*) FROM downloads WHERE state = 'running' AND workspace_id = ?", workspace, row: { $0.int(0) }) ?? 0
  }

  private static func take(_ input: Int64, in database: Database) throws -> Pickup? {
    try database.run("UPDATE downloads SET state = 'running' WHERE input_id = ?", input)
    return try database.first(
      """
      SELECT downloads.input_id, downloads.job_id, downloads.workspace_id, inputs.file_name, inputs.role, inputs.source,
        downloads.most_bytes, downloads.place, coalesce(secrets.name, ''), coalesce(secrets.value, '')
      FROM downloads
      JOIN inputs ON inputs.id = downloads.input_id
      LEFT JOIN secrets
        ON downloads.place IS NOT NULL AND secrets.job_id = downloads.job_id AND secrets.name = 'input ' || input_id
      WHERE downloads.input_id = ?
      """, input
    ) { row in
      Pickup(
        inputID: row.integer(0), jobID: row.integer(1), workspaceID: row.integer(2), fileName: row.text(3),
        role: try row.word(4), address: row.text(5), mostBytes: row.integer(6),
        place: row.optionalText(7), credentials: JobSecret(name: row.text(8), value: row.text(9)))
    }
  }

  /// Makes what an earlier process fetched, or what could not be stored, wait again.
  package static func release(input: Int64? = nil, in database: Database) throws {
    if let input {
      try database.run("UPDATE downloads SET state = 'waiting' WHERE input_id = ?", input)
    } else {
      try database.run("UPDATE downloads SET state = 'waiting' WHERE state = 'running'")
    }
  }

  /// Takes a file off the list; false when it was not there, because its job has ended meanwhile.
  ///
  /// What opens its place is erased.
  package static func remove(_ pickup: Pickup, in database: Database) throws -> Bool {
    try database.run("DELETE FROM downloads WHERE input_id = ?", pickup.inputID)
    let isListed = database.changes == 1
    if pickup.place != nil { try Secrets.erase(JobSecret.nameOfInput(pickup.inputID), job: pickup.jobID, in: database) }
    return isListed
  }

  /// Takes all files of a job off the list.
  package static func removeAll(job: Int64, in database: Database) throws {
    try database.run("DELETE FROM downloads WHERE job_id = ?", job)
  }

  /// The files that wait, by workspace, counted in the index.
  static func waiting(in database: Database) throws -> [Int64: Int] {
    let counts = try database.all(
      "SELECT workspace_id, count(*) FROM downloads WHERE state = 'waiting' GROUP BY workspace_id",
      row: { ($0.integer(0), $0.int(1)) })
    return Dictionary(counts, uniquingKeysWith: +)
  }

  package static func isListed(input: Int64, in database: Database) throws -> Bool {
    try database.first("SELECT 1 FROM downloads WHERE input_id = ?", input, row: { _ in true }) ?? false
  }

  /// True while files of a job are still to come.
  package static func hasAny(job: Int64, in database: Database) throws -> Bool {
    try database.first("SELECT 1 FROM downloads WHERE job_id = ? LIMIT 1", job, row: { _ in true }) ?? false
  }
}
