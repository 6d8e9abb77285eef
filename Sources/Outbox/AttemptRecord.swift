import Basics
import Storage

/// What is to be written about a webhook after an attempt, or instead of one.
struct AttemptRecord: Sendable {
  enum Outcome: Sendable {
    case attempted(Attempt, Verdict)
    /// Ended without an attempt, and why.
    case abandoned(String)
  }

  /// An endpoint that has had no success for so long is disabled.
  static let longestFailing = Duration.seconds(5 * 86_400)
  /// So much of the time between two failures counts: more than the longest delay of an attempt.
  static let longestGap = Duration.seconds(12 * 3600)

  let delivery: Int64
  let address: DeliveryAddress
  let endpoint: Int64?
  let outcome: Outcome

  /// When it is due again, if it is.
  var nextAttemptAt: Timestamp? {
    if case .attempted(_, .retry(let moment)) = outcome { moment } else { nil }
  }

  /// Writes it in the caller's transaction; true when its endpoint was disabled by it.
  func write(at now: Timestamp, in database: Database) throws -> Bool {
    switch outcome {
    case .abandoned(let reason):
      try Deliveries.abandon(delivery, reason, at: now, in: database)
      return false
    case .attempted(let attempt, let verdict):
      let isOurs = try Deliveries.record(
        delivery, attempt, state: state(verdict), nextAttemptAt: nextAttemptAt,
        hasWorkspace: address.workspaceID != nil, at: now, in: database)
      guard isOurs, let endpoint else { return false }
      switch verdict {
      case .delivered:
        try Endpoints.setWorking(id: endpoint, in: database)
        return false
      case .gone:
        try Endpoints.setEnabled(id: endpoint, false, in: database)
        return true
      case .retry, .failed:
        return try Endpoints.setFailing(
          id: endpoint, at: now, longest: AttemptRecord.longestFailing, gap: AttemptRecord.longestGap, in: database)
      }
    }
  }

  private func state(_ verdict: Verdict) -> DeliveryState {
    switch verdict {
    case .delivered: .delivered
    case .retry: .waiting
    case .failed, .gone: .failed
    }
  }
}
