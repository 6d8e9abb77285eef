package import Basics
package import Storage
import Synchronization

/// Counts requests of each key against a number a minute, in memory: a full minute's worth at once, then evenly.
///
/// Instead of a bucket of tokens it keeps one moment for each key, at which its bucket would be full again (the generic
/// cell rate algorithm of ITU-T I.371); a key whose moment has passed needs no entry.
package final class RateLimiter: Sendable {
  private struct Bucket: Hashable {
    let key: Int64
    let permission: Access.Permission
  }

  private struct State {
    var fullAt: [Bucket: Int64] = [:]
    /// Buckets that have changed since they were written down.
    var changed: Set<Bucket> = []
    /// The number of entries at which those that have passed are dropped.
    var sweepsAt = 1024
  }

  private static let minute: Int64 = 60_000_000_000

  private let clock: Clock
  private let bell: Doorbell
  private let state = Mutex(State())

  /// `bell` is rung when there is something to write down.
  package init(clock: Clock, bell: Doorbell = Doorbell()) {
    self.clock = clock
    self.bell = bell
  }

  /// Takes one request of a key's `limit` a minute; throws `Refusal.rateLimited` when none is left.
  package func take(key: Int64, for permission: Access.Permission, limit: Int64) throws -> Allowance {
    let now = clock.monotonic()
    let cost = RateLimiter.minute / max(1, limit)
    let bucket = Bucket(key: key, permission: permission)
    let (isTaken, fullAt, isFirst) = state.withLock { state -> (Bool, Int64, Bool) in
      let fullAt = max(now, state.fullAt[bucket] ?? now)
      guard fullAt + cost - now <= RateLimiter.minute else { return (false, fullAt, false) }
      let isFirst = state.changed.isEmpty
      state.fullAt[bucket] = fullAt + cost
      state.changed.insert(bucket)
      if state.fullAt.count >= state.sweepsAt {
        state.fullAt = state.fullAt.filter { $0.value > now }
        state.sweepsAt = max(1024, state.fullAt.count * 2)
      }
      return (true, fullAt + cost, isFirst)
    }
    if isFirst { bell.ring() }
    let allowance = Allowance(
      limit: limit, remaining: (RateLimiter.minute - (fullAt - now)) / cost, resetSeconds: seconds(fullAt - now))
    guard isTaken else {
      throw Refusal.rateLimited(permission, allowance, after: max(1, seconds(fullAt + cost - now - RateLimiter.minute)))
    }
    return allowance
  }

  /// The keys that have used some of their limit lately.
  package var count: Int { state.withLock { $0.fullAt.count } }

  /// What has changed since the last call, in terms of the wall clock.
  package func takeMarks() -> [Rates.Mark] {
    let (now, monotonic) = (clock.now(), clock.monotonic())
    return state.withLock { state in
      defer { state.changed = [] }
      return state.changed.compactMap { bucket in
        guard let fullAt = state.fullAt[bucket], fullAt > monotonic else { return nil }
        return Rates.Mark(
          key: bucket.key, permission: bucket.permission.rawValue, fullAt: now + .nanoseconds(fullAt - monotonic))
      }
    }
  }

  /// Goes on from marks of an earlier run; none of them counts for more than a minute, whatever the clock did since.
  package func restore(_ marks: [Rates.Mark]) {
    let (now, monotonic) = (clock.now(), clock.monotonic())
    state.withLock { state in
      for mark in marks {
        guard let permission = Access.Permission(rawValue: mark.permission) else { continue }
        let left = min(RateLimiter.minute, max(0, (mark.fullAt - now).nanoseconds))
        state.fullAt[Bucket(key: mark.key, permission: permission)] = monotonic + left
      }
    }
  }

  /// Nanoseconds as whole seconds, rounded up.
  private func seconds(_ nanoseconds: Int64) -> Int64 { (nanoseconds + 999_999_999) / 1_000_000_000 }
}
