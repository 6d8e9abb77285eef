/// Something that a job has to know and nobody may see.
///
/// Printing one shows its name only.
package struct JobSecret: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  package let name: String
  package let value: String

  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  package var description: String { "secret \(name)" }
  package var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}

/// The table of secrets, which has those of jobs that have not ended.
package enum Secrets {
  package static func insert(_ secrets: [JobSecret], job: Int64, in database: Database) throws {
    guard !secrets.isEmpty else { return }
    for secret in secrets {
      try database.run(
        "INSERT INTO secrets (job_id, name, value) VALUES (?, ?, ?)", job, secret.name, secret.value)
    }
    try Jobs.add(.secrets, id: job, in: database)
  }

  /// The same, in the place of those of the same names.
  package static func put(_ secrets: [JobSecret], job: Int64, in database: Database) throws {
    for secret in secrets {
      try database.run("DELETE FROM secrets WHERE job_id = ? AND name = ?", job, secret.name)
    }
    try insert(secrets, job: job, in: database)
  }

  /// The same, in the place of all that the job has.
  package static func set(_ secrets: [JobSecret], job: Int64, in database: Database) throws {
    try erase(job: job, in: database)
    try insert(secrets, job: job, in: database)
  }

  /// A job's secrets; only a job that came with some costs a query.
  package static func all(_ job: Job, in database: Database) throws -> [JobSecret] {
    guard job.extras.contains(.secrets) else { return [] }
    return try database.all(
      "SELECT name, value FROM secrets WHERE job_id = ? ORDER BY name", job.id,
      row: { JobSecret(name: $0.text(0), value: $0.text(1)) })
  }

  /// Erases one of a job's secrets that is not needed any more.
  static func erase(_ name: String, job: Int64, in database: Database) throws {
    try database.run("DELETE FROM secrets WHERE job_id = ? AND name = ?", job, name)
  }

  /// Erases a job's secrets, the bytes in the file included (`secure_delete`).
  static func erase(job: Int64, in database: Database) throws {
    try database.run("DELETE FROM secrets WHERE job_id = ?", job)
  }
}
