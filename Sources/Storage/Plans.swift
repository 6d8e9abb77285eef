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
}

/// The table of plans.
package enum Plans {
  /// All plans, the smallest first.
  package static func all(in database: Database) throws -> [Plan] {
    try database.all(
      """
      SELECT name, allows_async, allows_batches, allows_mail, allows_webhooks, allows_jobs_api,
        reads_per_minute, writes_per_minute, jobs_per_month
      FROM plans
      ORDER BY position
      """, row: plan)
  }

  package static func find(_ name: String, in database: Database) throws -> Plan? {
    try database.first(
      """
      SELECT name, allows_async, allows_batches, allows_mail, allows_webhooks, allows_jobs_api,
        reads_per_minute, writes_per_minute, jobs_per_month
      FROM plans
      WHERE name = ?
      """, name, row: plan)
  }

  private static func plan(_ row: borrowing Row) -> Plan {
    Plan(
      name: row.text(0), allowsAsync: row.flag(1), allowsBatches: row.flag(2), allowsMail: row.flag(3),
      allowsWebhooks: row.flag(4), allowsJobsAPI: row.flag(5), readsPerMinute: row.optionalInteger(6),
      writesPerMinute: row.optionalInteger(7), jobsPerMonth: row.optionalInteger(8))
  }
}
