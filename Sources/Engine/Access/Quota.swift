import Basics
import Storage

/// What a workspace's plan allows: jobs in a calendar month, in UTC, and bytes of files.
enum Quota {
  /// Throws `Refusal.monthlyQuota` when this month's jobs are used up, `Refusal.storageQuota` when there is no room for
  /// `bytes` more; inside the transaction that would add the jobs.
  static func check(
    _ submitter: Submitter, adding bytes: Int64, jobs: Int = 1, at now: Timestamp, in database: Database
  ) throws {
    if let limit = submitter.plan.maxStored {
      let stored = try Usage.counter(submitter.workspace.id, Usage.storedBytes, in: database)
      guard stored + bytes <= limit else { throw Refusal.storageQuota(limit, plan: submitter.plan.name) }
    }
    guard let limit = submitter.plan.jobsPerMonth else { return }
    guard try used(submitter.workspace.id, at: now, in: database) + Int64(jobs) <= limit else {
      throw Refusal.monthlyQuota(limit, plan: submitter.plan.name, after: secondsLeft(at: now))
    }
  }

  /// What is left of this month's jobs; nil where the plan does not bound them.
  static func month(
    _ workspace: Int64, _ plan: Plan, at now: Timestamp, in database: Database
  ) throws -> Allowance.Month? {
    guard let limit = plan.jobsPerMonth else { return nil }
    let left = max(0, limit - (try used(workspace, at: now, in: database)))
    return Allowance.Month(limit: limit, remaining: left, resetSeconds: secondsLeft(at: now))
  }

  private static func used(_ workspace: Int64, at now: Timestamp, in database: Database) throws -> Int64 {
    let period = Usage.period(now)
    return try [Usage.Origin.api, .pages].reduce(0) {
      try $0 + Usage.month(workspace, period: period, origin: $1, in: database).jobs
    }
  }

  /// How many bytes of files a workspace may have, when `bytes` more would be too many; else nil.
  static func excess(of bytes: Int64, in workspace: Int64, _ database: Database) throws -> Int64? {
    guard let most = try Workspaces.mostStored(workspace, in: database) else { return nil }
    return try Usage.counter(workspace, Usage.storedBytes, in: database) + bytes > most ? most : nil
  }

  /// Seconds until the next month begins.
  private static func secondsLeft(at now: Timestamp) -> Int64 {
    let month = CivilTime(now).month
    let midnight = now.seconds - now.seconds % 86_400
    let days =
      (1...31).first { CivilTime(Timestamp(milliseconds: (midnight + $0 * 86_400) * 1000)).month != month } ?? 31
    return midnight + days * 86_400 - now.seconds
  }
}
