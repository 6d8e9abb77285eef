/// What attempts to send are counted by.
package struct AttemptLabel: Hashable, Sendable {
  package let style: String
  /// delivered, retry, failed or gone.
  package let outcome: String

  init(style: String, _ verdict: Verdict) {
    self.style = style
    outcome =
      switch verdict {
      case .delivered: "delivered"
      case .retry: "retry"
      case .failed: "failed"
      case .gone: "gone"
      }
  }
}
