/// Counts failures in a row, and breaks after 25 of them: nothing for 30 seconds, then one probe at a time.
struct Circuit {
  static let failuresToBreak = 25
  static let restNanoseconds: Int64 = 30_000_000_000

  private(set) var failures = 0
  /// On the monotonic clock.
  private(set) var restsUntil: Int64 = 0

  var isBroken: Bool { failures >= Circuit.failuresToBreak }

  func rests(at monotonic: Int64) -> Bool { restsUntil > monotonic }

  /// True when a rest begins by it.
  mutating func fail(at monotonic: Int64) -> Bool {
    failures += 1
    guard isBroken else { return false }
    restsUntil = monotonic + Circuit.restNanoseconds
    return true
  }

  /// True when a rest, or the probing after it, ends by it.
  mutating func mend() -> Bool {
    defer { self = Circuit() }
    return isBroken
  }
}
