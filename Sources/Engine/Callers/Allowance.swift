package import Basics

/// How much of a limit is left, as the `RateLimit-` fields of an answer tell it.
package struct Allowance: Sendable, Equatable {
  /// Requests a minute, or of a day when `isDaily`.
  package let limit: Int64
  package let remaining: Int64
  /// Whole seconds until everything is there again.
  package let resetSeconds: Int64

  /// When that is.
  package let resetsAt: Timestamp
  /// The same of a day, where the caller has a limit for it.
  package var day: Day?
  /// True when the caller has no limit but that of a day.
  package var isDaily = false
  /// What is left of a month's jobs, where the workspace's plan bounds them and the dialect tells of it.
  package var month: Month?
  /// True when the caller has no limit but that of a month.
  package var isMonthly = false

  package struct Month: Sendable, Equatable {
    package let limit: Int64
    package let remaining: Int64
    /// Whole seconds until the next one begins (UTC).
    package let resetSeconds: Int64

    package init(limit: Int64, remaining: Int64, resetSeconds: Int64) {
      self.limit = limit
      self.remaining = remaining
      self.resetSeconds = resetSeconds
    }

    /// The same for a caller who has no other limit.
    package func alone(at now: Timestamp) -> Allowance {
      var allowance = Allowance(limit: limit, remaining: remaining, resetSeconds: resetSeconds, at: now)
      allowance.month = self
      allowance.isMonthly = true
      return allowance
    }
  }

  package struct Day: Sendable, Equatable {
    package let limit: Int64
    package let remaining: Int64
    package let resetSeconds: Int64

    package init(limit: Int64, remaining: Int64, resetSeconds: Int64) {
      self.limit = limit
      self.remaining = remaining
      self.resetSeconds = resetSeconds
    }
  }

  /// The limit that the caller meets first, for clients that know of one alone.
  package var tightest: Allowance {
    guard let day, !isDaily, day.remaining < remaining else { return self }
    return Allowance(
      limit: day.limit, remaining: day.remaining, resetSeconds: day.resetSeconds,
      at: resetsAt + .seconds(-resetSeconds))
  }

  /// What is left at a moment.
  package init(
    limit: Int64, remaining: Int64, resetSeconds: Int64, at now: Timestamp = Timestamp(milliseconds: 0)
  ) {
    self.limit = limit
    self.remaining = remaining
    self.resetSeconds = resetSeconds
    resetsAt = now + .seconds(resetSeconds)
  }
}
