import Basics
import Synchronization

/// Counts attempts by a name, such as an address, in a sliding span of time; for what happens rarely and must not happen
/// often.
///
/// Only age forgets. When so many names are known that no more can be kept, new ones are refused until some are old enough: a
/// flood of names locks, and opens nothing.
final class Attempts: Sendable {
  /// Names that are kept.
  static let mostNames = 10_000

  private struct State {
    var moments: [String: [Int64]] = [:]
    /// Before this moment no name can be dropped.
    var oldest: Int64 = 0
  }

  private let clock: Clock
  private let most: Int
  private let span: Int64
  private let state = Mutex(State())

  /// Allows `most` attempts in `span`.
  init(clock: Clock, most: Int, in span: Duration) {
    self.clock = clock
    self.most = most
    self.span = span.nanoseconds
  }

  /// Counts an attempt; gives the seconds to wait instead when there were too many already.
  func take(_ name: String) -> Int? {
    let now = clock.monotonic()
    return state.withLock { state in
      let recent = (state.moments[name] ?? []).filter { $0 > now - span }
      if recent.count >= most, let first = recent.first { return seconds(until: first + span, now) }
      if state.moments[name] == nil, state.moments.count >= Attempts.mostNames {
        guard now >= state.oldest else { return seconds(until: state.oldest, now) }
        state.moments = state.moments.filter { $0.value.contains { $0 > now - span } }
        if state.moments.count >= Attempts.mostNames {
          // The whole list is looked at again only when the name that goes first is old enough.
          state.oldest = (state.moments.values.compactMap(\.last).min() ?? now) + span
          return seconds(until: state.oldest, now)
        }
      }
      state.moments[name] = recent + [now]
      return nil
    }
  }

  /// The seconds to wait for a name that has had too many; nothing is counted.
  func wait(for name: String) -> Int? {
    let now = clock.monotonic()
    return state.withLock { state in
      let recent = (state.moments[name] ?? []).filter { $0 > now - span }
      guard recent.count >= most, let first = recent.first else { return nil }
      return seconds(until: first + span, now)
    }
  }

  func forget(_ name: String) {
    state.withLock { $0.moments[name] = nil }
  }

  /// Uncounts the latest attempt of a name.
  func takeBack(_ name: String) {
    state.withLock { state in
      _ = state.moments[name]?.popLast()
      if state.moments[name]?.isEmpty ?? false { state.moments[name] = nil }
    }
  }

  private func seconds(until moment: Int64, _ now: Int64) -> Int { Int(max(0, moment - now) / 1_000_000_000) + 1 }
}
