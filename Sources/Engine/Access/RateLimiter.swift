package import Basics
package import Storage
import Synchronization

/// Counts requests of each key against a number a minute, in memory: a full minute's worth at once, then evenly.
///
/// Instead of a bucket of tokens it keeps one moment for each key, at which its bucket would be full again (the generic
/// cell rate algorithm of ITU-T I.371); a key whose moment has passed needs no entry.
package final class RateLimiter: Sendable {
  /// What is counted: requests of a kind, or the files in them.
  private enum Unit: String {
    case read, submit, files

    init(_ permission: Access.Permission) {
      switch permission {
      case .read: self = .read
      case .submit: self = .submit
      }
    }
  }

  private struct Bucket: Hashable {
    let key: Int64
    let unit: Unit
  }

  private struct State {
    var fullAt: [Bucket: Int64] = [:]
    /// Buckets that have changed since they were written down.
    var changed: Set<Bucket> = []
    /// The number of entries at which those that have passed are dropped.
    var sweepsAt = 1024
  }

  private static let minute: Int64 = 60_000_000_000
  /// A debt of files is remembered for no longer over a restart.
  private static let longestDebt = 60 * minute

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
    let bucket = Bucket(key: key, unit: Unit(permission))
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
    var allowance = Allowance(
      limit: limit, remaining: (RateLimiter.minute - (fullAt - now)) / cost, resetSeconds: seconds(fullAt - now))
    allowance.resetsAt = clock.now() + .seconds(allowance.resetSeconds)
    guard isTaken else {
      throw Refusal.rateLimited(permission, allowance, after: max(1, seconds(fullAt + cost - now - RateLimiter.minute)))
    }
    return allowance
  }

  /// Throws `Refusal.tooManyFiles` while a key has sent more files than `limit` a minute let it.
  ///
  /// A submission may bring more at once than a minute allows: it puts the key into debt, and the next one waits.
  package func requireFiles(key: Int64, limit: Int64) throws {
    let now = clock.monotonic()
    let fullAt = state.withLock { $0.fullAt[Bucket(key: key, unit: .files)] ?? now }
    guard fullAt - now >= RateLimiter.minute else { return }
    throw Refusal.tooManyFiles(limit, after: max(1, seconds(fullAt - now - RateLimiter.minute + 1)))
  }

  /// Counts files of a key that were taken.
  package func takeFiles(_ count: Int, key: Int64, limit: Int64) {
    let now = clock.monotonic()
    let bucket = Bucket(key: key, unit: .files)
    let isFirst = state.withLock { state in
      let isFirst = state.changed.isEmpty
      state.fullAt[bucket] = max(now, state.fullAt[bucket] ?? now) + Int64(count) * (RateLimiter.minute / max(1, limit))
      state.changed.insert(bucket)
      return isFirst
    }
    if isFirst { bell.ring() }
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
          key: bucket.key, permission: bucket.unit.rawValue, fullAt: now + .nanoseconds(fullAt - monotonic))
      }
    }
  }

  /// Goes on from marks of an earlier run; none of them counts for more than a minute, or an hour of files, whatever the
  /// clock did since.
  package func restore(_ marks: [Rates.Mark]) {
    let (now, monotonic) = (clock.now(), clock.monotonic())
    state.withLock { state in
      for mark in marks {
        guard let unit = Unit(rawValue: mark.permission) else { continue }
        let longest = unit == .files ? RateLimiter.longestDebt : RateLimiter.minute
        let left = min(longest, max(0, (mark.fullAt - now).nanoseconds))
        state.fullAt[Bucket(key: mark.key, unit: unit)] = monotonic + left
      }
    }
  }

  /// Nanoseconds as whole seconds, rounded up.
  private func seconds(_ nanoseconds: Int64) -> Int64 { (nanoseconds + 999_999_999) / 1_000_000_000 }
}
