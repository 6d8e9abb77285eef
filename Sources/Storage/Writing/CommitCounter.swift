import Synchronization

/// Counts what the writer has committed, so that readers know when what they see is no longer the latest.
final class CommitCounter: Sendable {
  let number = Atomic<UInt64>(0)

  /// Called after each commit and before its callers hear of it.
  func count() { number.wrappingAdd(1, ordering: .releasing) }
}
