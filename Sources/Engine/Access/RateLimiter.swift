package import Basics
package import Storage
import Synchronization

/// Counts requests of each key, and of each visitor without one, against a number a minute and a number a day, in memory:
/// all of it at once, then evenly.
package final class RateLimiter: Sendable {
  /// Visitors' entries that are kept; when there are so many, new visitors are refused: a flood locks, and opens nothing.
  static let mostOfVisitors = 50_000
  /// A debt of files is remembered for no longer over a restart.
  private static let longestDebt: Int64 = 3600 * 1_000_000_000

  private let clock: Clock
  private let bell: Doorbell
  private let keys = Mutex(RateCells<Int64>())
  private let visitors: Mutex<RateCells<String>>

  /// `bell` is rung when there is something to write down.
  package init(clock: Clock, bell: Doorbell = Doorbell(), mostOfVisitors: Int = mostOfVisitors) {
    self.clock = clock
    self.bell = bell
    visitors = Mutex(RateCells(most: mostOfVisitors))
  }

  /// Takes one request of a key's `limit` a minute; throws `Refusal.rateLimited` when none is left.
  package func take(key: Int64, for permission: Permission, limit: Int64) throws -> Allowance {
    try take(keys, key, permission, .perMinute(limit), nil, "This key")
  }

  /// Takes one request of what a key may do in a minute and in a day; nil when nothing limits it.
  func take(
    key: Int64, for permission: Permission, perMinute: Int64?, perDay: Int64?
  ) throws -> Allowance? {
    let day = perDay.map(Rate.perDay)
    if let minute = perMinute.map(Rate.perMinute) {
      return try take(keys, key, permission, minute, day, "This key")
    }
    return try day.map { try takeDay(key, $0) }
  }

  /// Takes one request of a visitor.
  package func take(
    visitor: String, for permission: Permission, perMinute: Int64, perDay: Int64?
  ) throws -> Allowance {
    try take(
      visitors, visitor, permission, .perMinute(perMinute), perDay.map(Rate.perDay), "Without a key an address")
  }

  private enum Denial {
    case minute(Int64)
    case day(Int64)
    case room(Int64)
  }

  private func take<Owner>(
    _ cells: borrowing Mutex<RateCells<Owner>>, _ owner: Owner, _ permission: Permission, _ minute: Rate,
    _ day: Rate?, _ who: String
  ) throws -> Allowance {
    let now = clock.monotonic()
    let own = RateCells<Owner>.Cell(owner: owner, unit: .init(permission))
    let daily = RateCells<Owner>.Cell(owner: owner, unit: .day)
    let (denial, debt, dayDebt, isFirst) = cells.withLock { cells -> (Denial?, Int64, Int64, Bool) in
      func denial() -> Denial? {
        if let wait = cells.wait(for: own, minute, at: now) { return .minute(wait) }
        if let day, let wait = cells.wait(for: daily, day, at: now) { return .day(wait) }
        if let wait = cells.waitForRoom(own, at: now) { return .room(wait) }
        return nil
      }
      let denial = denial()
      var isFirst = false
      if denial == nil {
        isFirst = cells.charge(own, minute.cost, at: now)
        if let day { isFirst = cells.charge(daily, day.cost, at: now) || isFirst }
      }
      return (denial, cells.debt(own, at: now), day == nil ? 0 : cells.debt(daily, at: now), isFirst)
    }
    if isFirst { bell.ring() }
    var allowance = allowance(minute, debt)
    allowance.day = day.map { self.day($0, dayDebt) }
    switch denial {
    case nil: return allowance
    case .minute(let wait):
      throw Refusal.rateLimited(permission, who, allowance, after: max(1, seconds(wait)))
    case .day(let wait):
      throw Refusal.dayIsUsedUp(who, allowance, after: max(1, seconds(wait)))
    case .room(let wait): throw Refusal.tooManyVisitors(after: max(1, seconds(wait)))
    }
  }

  /// Takes one submission of a key that only its day limits.
  private func takeDay(_ key: Int64, _ day: Rate) throws -> Allowance {
    let now = clock.monotonic()
    let cell = RateCells<Int64>.Cell(owner: key, unit: .day)
    let (wait, debt, isFirst) = keys.withLock { cells -> (Int64?, Int64, Bool) in
      if let wait = cells.wait(for: cell, day, at: now) { return (wait, cells.debt(cell, at: now), false) }
      let isFirst = cells.charge(cell, day.cost, at: now)
      return (nil, cells.debt(cell, at: now), isFirst)
    }
    if isFirst { bell.ring() }
    var allowance = allowance(day, debt)
    allowance.day = self.day(day, debt)
    allowance.isDaily = true
    if let wait { throw Refusal.dayIsUsedUp("This key", allowance, after: max(1, seconds(wait))) }
    return allowance
  }

  private func allowance(_ rate: Rate, _ debt: Int64) -> Allowance {
    Allowance(limit: rate.limit, remaining: rate.remaining(debt), resetSeconds: seconds(debt), at: clock.now())
  }

  private func day(_ rate: Rate, _ debt: Int64) -> Allowance.Day {
    Allowance.Day(limit: rate.limit, remaining: rate.remaining(debt), resetSeconds: seconds(debt))
  }

  /// Throws `Refusal.tooManyFiles` while somebody has sent more files than `limit` a minute let them.
  ///
  /// A submission may bring more at once than a minute allows: it puts its owner into debt, and the next one waits.
  package func requireFiles(_ owner: Rates.Owner, limit: Int64) throws {
    let now = clock.monotonic()
    let debt =
      switch owner {
      case .key(let key): keys.withLock { $0.debt(.init(owner: key, unit: .files), at: now) }
      case .visitor(let visitor): visitors.withLock { $0.debt(.init(owner: visitor, unit: .files), at: now) }
      }
    let span = Rate.perMinute(limit).span
    guard debt >= span else { return }
    throw Refusal.tooManyFiles(limit, after: max(1, seconds(debt - span + 1)))
  }

  /// Counts files that were taken.
  package func takeFiles(_ count: Int, _ owner: Rates.Owner, limit: Int64) {
    let now = clock.monotonic()
    let cost = Int64(count) * Rate.perMinute(limit).cost
    let isFirst =
      switch owner {
      case .key(let key): keys.withLock { $0.charge(.init(owner: key, unit: .files), cost, at: now) }
      case .visitor(let visitor):
        visitors.withLock { $0.charge(.init(owner: visitor, unit: .files), cost, at: now) }
      }
    if isFirst { bell.ring() }
  }

  /// Entries of keys and visitors that have used some of their limit lately.
  package var count: Int { keys.withLock { $0.count } + visitors.withLock { $0.count } }

  /// What has changed since the last call, in terms of the wall clock; a visitor's minute of reads is not worth a write.
  package func takeMarks() -> [Rates.Mark] {
    let (now, monotonic) = (clock.now(), clock.monotonic())
    let ofKeys = keys.withLock { $0.takeChanged(at: monotonic) }.map { cell, debt in
      Rates.Mark(owner: .key(cell.owner), permission: cell.unit.rawValue, fullAt: now + .nanoseconds(debt))
    }
    let ofVisitors = visitors.withLock { $0.takeChanged(at: monotonic) }.filter { $0.cell.unit != .read }
    return ofKeys
      + ofVisitors.map { cell, debt in
        Rates.Mark(owner: .visitor(cell.owner), permission: cell.unit.rawValue, fullAt: now + .nanoseconds(debt))
      }
  }

  /// Goes on from marks of an earlier run; none of them counts for more than its minute, its day, or an hour of files,
  /// whatever the clock did since.
  package func restore(_ marks: [Rates.Mark]) {
    let (now, monotonic) = (clock.now(), clock.monotonic())
    for mark in marks {
      let left = max(0, (mark.fullAt - now).nanoseconds)
      switch mark.owner {
      case .key(let key): keys.withLock { restore(key, mark.permission, left, monotonic, &$0) }
      case .visitor(let visitor): visitors.withLock { restore(visitor, mark.permission, left, monotonic, &$0) }
      }
    }
  }

  private func restore<Owner>(
    _ owner: Owner, _ permission: String, _ left: Int64, _ now: Int64, _ cells: inout RateCells<Owner>
  ) {
    guard let unit = RateCells<Owner>.Unit(rawValue: permission) else { return }
    let longest =
      switch unit {
      case .read, .submit: Rate.perMinute(1).span
      case .files: RateLimiter.longestDebt
      case .day: Rate.perDay(1).span
      }
    cells.restore(.init(owner: owner, unit: unit), debt: min(longest, left), at: now)
  }

  /// Nanoseconds as whole seconds, rounded up.
  private func seconds(_ nanoseconds: Int64) -> Int64 { (nanoseconds + 999_999_999) / 1_000_000_000 }
}
