package import Basics

/// How much of a limit is left, as the `RateLimit-` fields of an answer tell it.
package struct Allowance: Sendable, Equatable {
  /// Requests a minute.
  package let limit: Int64
  package let remaining: Int64
  /// Whole seconds until everything is there again.
  package let resetSeconds: Int64

  /// When that is.
  package var resetsAt = Timestamp(milliseconds: 0)
  /// The same of a day, where the caller has a limit for it.
  package var day: Day?

  package struct Day: Sendable, Equatable {
    package let limit: Int64
    package let remaining: Int64
  }

  package init(limit: Int64, remaining: Int64, resetSeconds: Int64) {
    self.limit = limit
    self.remaining = remaining
    self.resetSeconds = resetSeconds
  }
}
