import Basics
import Synchronization

/// Counts attempts by a name, such as an address, in a sliding span of time; for what happens rarely and must not happen
/// often.
final class Attempts: Sendable {
  /// Names that are kept; beyond it the whole list is cleared of old ones.
  private static let mostNames = 10_000

  private let clock: Clock
  private let most: Int
  private let span: Int64
  private let moments = Mutex<[String: [Int64]]>([:])

  /// Allows `most` attempts in `span`.
  init(clock: Clock, most: Int, in span: Duration) {
    self.clock = clock
    self.most = most
    self.span = span.nanoseconds
  }

  /// Counts an attempt; gives the seconds to wait instead when there were too many already.
  func take(_ name: String) -> Int? {
    let now = clock.monotonic()
    return moments.withLock { moments in
      let recent = (moments[name] ?? []).filter { $0 > now - span }
      if recent.count >= most, let first = recent.first { return Int((first + span - now) / 1_000_000_000) + 1 }
      if moments.count >= Attempts.mostNames {
        moments = moments.filter { $0.value.contains { $0 > now - span } }
        // A flood of names that are all new: forgetting them is better than growing without end.
        if moments.count >= Attempts.mostNames { moments = [:] }
      }
      moments[name] = recent + [now]
      return nil
    }
  }

  func forget(_ name: String) {
    moments.withLock { $0[name] = nil }
  }
}
