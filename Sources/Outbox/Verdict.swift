package import Basics
package import Outbound

/// What an attempt means for its delivery.
package enum Verdict: Sendable, Equatable {
  case delivered
  case retry(at: Timestamp)
  /// No more attempts.
  case failed
  /// No more attempts, and the receiver wants no more events.
  case gone
}

extension DeliveryPolicy {
  /// How long at most the next attempt may be away after so many, of which the last had this error.
  func longestDelay(after attempts: Int, error: String?) -> Duration {
    guard attempts > 0, let delay = delays.prefix(attempts).last else { return .zero }
    let mayBePutOff = heedsReceiver && ["429", "503"].contains { error?.hasSuffix("status \($0)") == true }
    return mayBePutOff ? max(delay, DeliveryPolicy.longestRetryAfter) : delay
  }

  /// Judges attempt `number`, which ended at `moment`.
  package func judge(_ reply: OutboundReply, attempt number: Int, endedAt moment: Timestamp) -> Verdict {
    if reply.failure == nil {
      if successes.contains(reply.status) { return .delivered }
      if heedsReceiver && reply.status == 410 { return .gone }
      if finals.contains(reply.status) { return .failed }
    }
    guard number <= delays.count else { return .failed }
    var delay = delays[number - 1]
    if heedsReceiver, [429, 503].contains(reply.status), let asked = reply.retryAfter {
      delay = max(delay, min(asked, DeliveryPolicy.longestRetryAfter))
    }
    return .retry(at: moment + delay)
  }
}
