package import Basics

/// An output that is being sent to a place elsewhere.
package struct Upload: Sendable {
  package let id: Int64
  package let targetID: Int64
  package let jobID: Int64
  package let workspaceID: Int64
  /// The place of its target, as the text that it is kept as.
  package let place: String
  /// Its own key or path there.
  package let path: String
  package let credentials: JobSecret
  package let blob: String
  package let mediaType: String
  package let size: Int64
  package let sha256: [UInt8]
  package let createdAt: Timestamp
  /// Failures since something of it arrived last.
  package let failures: Int
  /// What the store calls the upload in parts that was begun.
  package let partsName: String?
  /// The tags of the parts that have arrived.
  package let tags: [String]
}

extension Upload {
  /// A file of the server's own, which is in no table.
  package init(
    named path: String, to place: String, credentials: JobSecret, mediaType: String, size: Int64, sha256: [UInt8],
    at now: Timestamp
  ) {
    self.init(
      id: 0, targetID: 0, jobID: 0, workspaceID: 0, place: place, path: path, credentials: credentials, blob: path,
      mediaType: mediaType, size: size, sha256: sha256, createdAt: now, failures: 0, partsName: nil, tags: [])
  }
}

/// The table of outputs that are still to be sent.
package enum Uploads {
  package static func insert(
    _ output: Int64, path: String, target: Int64, job: Int64, workspace: Int64, at now: Timestamp,
    in database: Database
  ) throws {
    try database.run(
      """
      INSERT INTO uploads (target_id, job_id, workspace_id, output_id, path, state, created_at, due_at)
      VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?)
      """, target, job, workspace, output, path, now, now)
  }

  /// Takes the next one that is due of a workspace after `place` that sends fewer than `most` now, or nil.
  package static func claim(after place: Int64, most: Int, at now: Timestamp, in database: Database) throws -> Upload? {
    var place = place
    while true {
      let next: (id: Int64, workspace: Int64)? = try database.first(
        """
        SELECT id, workspace_id
        FROM uploads
        WHERE state = 'waiting' AND workspace_id > ? AND due_at <= ?
        ORDER BY workspace_id, due_at
        LIMIT 1
        """, place, now, row: { ($0.integer(0), $0.integer(1)) })
      guard let next else { return nil }
      if try countRunning(next.workspace, in: database) < most { return try take(next.id, in: database) }
      place = next.workspace
    }
  }

  private static func countRunning(_ workspace: Int64, in database: Database) throws -> Int {
    try database.first(
      "SELECT count(*) FROM uploads WHERE state = 'running' AND workspace_id = ?", workspace, row: { $0.int(0) }) ?? 0
  }

  private static func take(_ id: Int64, in database: Database) throws -> Upload? {
    try database.run("UPDATE uploads SET state = 'running' WHERE id = ?", id)
    let upload = try database.first(
      """
      SELECT uploads.id, target_id, uploads.job_id, uploads.workspace_id, place, path, coalesce(secrets.name, ''),
        coalesce(value, ''), blob, media_type, size, sha256, uploads.created_at, failures, parts_name, parts
      FROM uploads
      JOIN targets ON targets.id = target_id
      JOIN outputs ON outputs.id = output_id
      LEFT JOIN secrets ON secrets.job_id = uploads.job_id AND secrets.name = 'target ' || target_id
      WHERE uploads.id = ?
      """, id
    ) { row in
      Upload(
        id: row.integer(0), targetID: row.integer(1), jobID: row.integer(2), workspaceID: row.integer(3),
        place: row.text(4), path: row.text(5), credentials: JobSecret(name: row.text(6), value: row.text(7)),
        blob: row.text(8), mediaType: row.text(9), size: row.integer(10), sha256: row.blob(11),
        createdAt: row.moment(12), failures: row.int(13), partsName: row.optionalText(14),
        tags: row.optionalText(15).map { $0.split(separator: "\n").map(String.init) } ?? [])
    }
    if let upload { try Targets.setUploading(id: upload.targetID, in: database) }
    return upload
  }

  /// Records how far an upload in parts is; without a name it begins again.
  package static func setParts(id: Int64, name: String?, _ tags: [String], in database: Database) throws {
    try database.run(
      "UPDATE uploads SET parts_name = ?, parts = ?, failures = 0 WHERE id = ?", name,
      tags.isEmpty ? nil : tags.joined(separator: "\n"), id)
  }

  /// Makes one wait for another try.
  package static func delay(id: Int64, failures: Int, until due: Timestamp, in database: Database) throws {
    try database.run(
      "UPDATE uploads SET state = 'waiting', failures = ?, due_at = ? WHERE id = ?", failures, due, id)
  }

  /// Makes what an earlier process sent wait again.
  package static func release(in database: Database) throws {
    try database.run("UPDATE uploads SET state = 'waiting' WHERE state = 'running'")
  }

  /// Moves the time of those that wait by as much as the clock was set.
  package static func move(by span: Duration, in database: Database) throws {
    try database.run("UPDATE uploads SET due_at = due_at + ? WHERE state = 'waiting'", span.milliseconds)
  }

  /// Takes one off the list; false when it was not there, because its job has ended meanwhile.
  package static func remove(id: Int64, in database: Database) throws -> Bool {
    try database.run("DELETE FROM uploads WHERE id = ?", id)
    return database.changes == 1
  }

  package static func isListed(id: Int64, in database: Database) throws -> Bool {
    try database.first("SELECT 1 FROM uploads WHERE id = ?", id, row: { _ in true }) ?? false
  }

  /// True while outputs of a job are still to be sent, to one target or to any.
  package static func hasAny(job: Int64, target: Int64? = nil, in database: Database) throws -> Bool {
    if let target {
      return try database.first("SELECT 1 FROM uploads WHERE target_id = ? LIMIT 1", target, row: { _ in true })
        ?? false
    }
    return try database.first("SELECT 1 FROM uploads WHERE job_id = ? LIMIT 1", job, row: { _ in true }) ?? false
  }

  /// When the next one is due; nil when none waits.
  package static func nextDue(in database: Database) throws -> Timestamp? {
    try database.first("SELECT min(due_at) FROM uploads WHERE state = 'waiting'", row: { $0.optionalMoment(0) }) ?? nil
  }

  /// How many wait and how many are sent now.
  package static func counts(in database: Database) throws -> (waiting: Int64, running: Int64) {
    try database.first(
      """
      SELECT (SELECT count(*) FROM uploads WHERE state = 'waiting'),
        (SELECT count(*) FROM uploads WHERE state = 'running')
      """, row: { ($0.integer(0), $0.integer(1)) }) ?? (0, 0)
  }
}
