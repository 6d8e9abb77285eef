/// A place elsewhere to which outputs of a job go.
package struct Target: Sendable, Equatable {
  package enum Status: String, Sendable, CaseIterable {
    case waiting, uploading, completed, failed
  }

  package let id: Int64
  package let position: Int
  /// The position of the task whose outputs they are; nil for those of all.
  package let task: Int?
  /// A place as the text that it is kept as.
  package let place: String
  package let status: Status
  /// Why it failed.
  package let message: String?
}

/// What a new target is made of; its credentials become a secret of the job.
package struct NewTarget: Sendable {
  package let task: Int?
  package let place: String
  package let credentials: String

  package init(task: Int?, place: String, credentials: String) {
    self.task = task
    self.place = place
    self.credentials = credentials
  }
}

/// The table of targets.
package enum Targets {
  /// Records where a job's outputs go, with the secrets that open the places.
  package static func insert(_ targets: [NewTarget], job: Int64, in database: Database) throws {
    guard !targets.isEmpty else { return }
    for (position, target) in targets.enumerated() {
      try database.run(
        "INSERT INTO targets (job_id, position, task, place, status) VALUES (?, ?, ?, ?, 'waiting')", job, position,
        target.task, target.place)
      try Secrets.insert([.ofTarget(database.lastRow, target.credentials)], job: job, in: database)
    }
    try Jobs.add(.targets, id: job, in: database)
  }

  /// A job's targets in their order; only a job that came with some costs a query.
  package static func all(_ job: Job, in database: Database) throws -> [Target] {
    guard job.extras.contains(.targets) else { return [] }
    return try database.all(
      "SELECT id, position, task, place, status, message FROM targets WHERE job_id = ? ORDER BY position", job.id
    ) { row in
      Target(
        id: row.integer(0), position: row.int(1), task: row.optionalInteger(2).map { Int($0) }, place: row.text(3),
        status: try row.word(4), message: row.optionalText(5))
    }
  }

  /// Lets targets follow their tasks to the positions that these have now, and forgets those of tasks that are gone.
  package static func move(_ places: [Int: Int], of job: Job, in database: Database) throws {
    for target in try all(job, in: database) {
      guard let task = target.task else { continue }
      if let place = places[task] {
        try database.run("UPDATE targets SET task = ? WHERE id = ?", place, target.id)
      } else {
        try database.run("DELETE FROM targets WHERE id = ?", target.id)
        try Secrets.erase(JobSecret.nameOfTarget(target.id), job: job.id, in: database)
      }
    }
  }

  package static func setUploading(id: Int64, in database: Database) throws {
    try database.run("UPDATE targets SET status = 'uploading' WHERE id = ? AND status = 'waiting'", id)
  }

  /// Ends a target, takes what was still to be sent there off the list, and erases what opens it.
  package static func end(
    id: Int64, job: Int64, _ status: Target.Status, _ message: String? = nil, in database: Database
  ) throws {
    try database.run("UPDATE targets SET status = ?, message = ? WHERE id = ?", status.rawValue, message, id)
    try database.run("DELETE FROM uploads WHERE target_id = ?", id)
    try Secrets.erase(JobSecret.nameOfTarget(id), job: job, in: database)
  }

  /// Ends whatever of a job's has not ended, because the job has.
  static func endAll(job: Int64, in database: Database) throws {
    try database.run("DELETE FROM uploads WHERE job_id = ?", job)
    try database.run(
      """
      UPDATE targets
      SET status = 'failed', message = 'nothing was sent: the job ended before'
      WHERE job_id = ? AND status IN ('waiting', 'uploading')
      """, job)
  }
}

extension JobSecret {
  static func nameOfTarget(_ id: Int64) -> String { "target \(id)" }
  static func nameOfInput(_ id: Int64) -> String { "input \(id)" }

  static func ofTarget(_ id: Int64, _ credentials: String) -> JobSecret {
    JobSecret(name: nameOfTarget(id), value: credentials)
  }
}
