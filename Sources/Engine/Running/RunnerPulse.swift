import Basics
import Synchronization

/// When each busy thread of the runner was last seen to get on, so that one that hangs is noticed.
final class RunnerPulse: Sendable {
  /// The last sign of each job that is under way, in monotonic nanoseconds.
  private let signs = Mutex<[Int64: Int64]>([:])
  private let clock: Clock

  init(clock: Clock) {
    self.clock = clock
  }

  /// The job is under way, and its thread was here now.
  func beat(_ job: Int64) {
    let now = clock.monotonic()
    signs.withLock { $0[job] = now }
  }

  func end(_ job: Int64) {
    signs.withLock { _ = $0.removeValue(forKey: job) }
  }

  /// True when no thread has been silent for longer than `span`.
  func isSteady(within span: Duration) -> Bool {
    let oldest = clock.monotonic() - span.nanoseconds
    return signs.withLock { $0.values.allSatisfy { $0 >= oldest } }
  }
}
