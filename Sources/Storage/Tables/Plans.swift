/// What a workspace may do and how much of it; a limit that is nil does not apply.
package struct Plan: Sendable, Equatable {
  package let name: String
  package let allowsAsync: Bool
  package let allowsBatches: Bool
  package let allowsMail: Bool
  package let allowsWebhooks: Bool
  package let allowsJobsAPI: Bool
  package let readsPerMinute: Int64?
  package let writesPerMinute: Int64?
  package let jobsPerMonth: Int64?
  /// Bytes of one request.
  package let maxUpload: Int64?
  /// Bytes of all files that a workspace has.
  package let maxStored: Int64?
  /// Jobs of a workspace that run at the same time; more of them wait.
  package let concurrentJobs: Int64?
  /// Jobs of a workspace that wait; more of them are refused.
  package let waitingJobs: Int64?
  /// Files of all submissions of a key.
  package let filesPerMinute: Int64?
  /// Submissions of a key.
  package let submissionsPerDay: Int64?
}

/// The table of plans.
package enum Plans {
  /// More than any disk has, and sums with it still fit; a plan of before this was checked may say more.
  package static let mostBytes: Int64 = 1 << 60

  /// One thing of a plan that an operator can change.
  package struct Column: Sendable {
    package enum Form: Sendable {
      case flag
      /// A whole number from 1, or `none`.
      case count
      /// Bytes such as 100MB, or `none`.
      case size
    }

    package let name: String
    package let form: Form
    let update: StaticString
  }

  /// Everything that can be changed, in the order in which plans are shown.
  package static let columns: [Column] = [
    Column(name: "allows_async", form: .flag, update: "UPDATE plans SET allows_async = ? WHERE name = ?"),
    Column(name: "allows_batches", form: .flag, update: "UPDATE plans SET allows_batches = ? WHERE name = ?"),
    Column(name: "allows_mail", form: .flag, update: "UPDATE plans SET allows_mail = ? WHERE name = ?"),
    Column(name: "allows_webhooks", form: .flag, update: "UPDATE plans SET allows_webhooks = ? WHERE name = ?"),
    Column(name: "allows_jobs_api", form: .flag, update: "UPDATE plans SET allows_jobs_api = ? WHERE name = ?"),
    Column(name: "reads_per_minute", form: .count, update: "UPDATE plans SET reads_per_minute = ? WHERE name = ?"),
    Column(name: "writes_per_minute", form: .count, update: "UPDATE plans SET writes_per_minute = ? WHERE name = ?"),
    Column(name: "jobs_per_month", form: .count, update: "UPDATE plans SET jobs_per_month = ? WHERE name = ?"),
    Column(name: "max_upload", form: .size, update: "UPDATE plans SET max_upload = ? WHERE name = ?"),
    Column(name: "max_stored", form: .size, update: "UPDATE plans SET max_stored = ? WHERE name = ?"),
    Column(name: "concurrent_jobs", form: .count, update: "UPDATE plans SET concurrent_jobs = ? WHERE name = ?"),
    Column(name: "waiting_jobs", form: .count, update: "UPDATE plans SET waiting_jobs = ? WHERE name = ?"),
    Column(name: "files_per_minute", form: .count, update: "UPDATE plans SET files_per_minute = ? WHERE name = ?"),
    Column(
      name: "submissions_per_day", form: .count, update: "UPDATE plans SET submissions_per_day = ? WHERE name = ?"),
  ]

  /// All plans, the smallest first.
  package static func all(in database: Database) throws -> [Plan] {
    try database.all(
      """
      SELECT name, allows_async, allows_batches, allows_mail, allows_webhooks, allows_jobs_api,
        reads_per_minute, writes_per_minute, jobs_per_month, max_upload, max_stored, concurrent_jobs,
        waiting_jobs, files_per_minute, submissions_per_day
      FROM plans
      ORDER BY position
      """, row: { plan($0, from: 0) })
  }

  package static func find(_ name: String, in database: Database) throws -> Plan? {
    try database.first(
      """
      SELECT name, allows_async, allows_batches, allows_mail, allows_webhooks, allows_jobs_api,
        reads_per_minute, writes_per_minute, jobs_per_month, max_upload, max_stored, concurrent_jobs,
        waiting_jobs, files_per_minute, submissions_per_day
      FROM plans
      WHERE name = ?
      """, name, row: { plan($0, from: 0) })
  }

  /// Changes one thing of a plan; flags are 0 or 1, and nil takes a limit away.
  package static func set(_ plan: String, _ column: Column, to value: Int64?, in database: Database) throws {
    try database.run(column.update, value, plan)
  }

  /// The smallest plan that allows something, for the words of a gate.
  package static func smallest(in database: Database, allowing isAllowed: (Plan) -> Bool) throws -> Plan? {
    try all(in: database).first(where: isAllowed)
  }

  /// A plan of fifteen columns that begin at `start`, in the order of the queries here.
  static func plan(_ row: borrowing Row, from start: Int32) -> Plan {
    Plan(
      name: row.text(start), allowsAsync: row.flag(start + 1), allowsBatches: row.flag(start + 2),
      allowsMail: row.flag(start + 3), allowsWebhooks: row.flag(start + 4), allowsJobsAPI: row.flag(start + 5),
      readsPerMinute: row.optionalInteger(start + 6), writesPerMinute: row.optionalInteger(start + 7),
      jobsPerMonth: row.optionalInteger(start + 8), maxUpload: row.optionalInteger(start + 9),
      maxStored: row.optionalInteger(start + 10), concurrentJobs: row.optionalInteger(start + 11),
      waitingJobs: row.optionalInteger(start + 12), filesPerMinute: row.optionalInteger(start + 13),
      submissionsPerDay: row.optionalInteger(start + 14))
  }
}
