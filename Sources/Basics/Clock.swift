import Glibc

/// Where time comes from: the wall clock for dates that are stored, the monotonic one for deadlines.
package struct Clock: Sendable {
  package let now: @Sendable () -> Timestamp
  /// Nanoseconds from a fixed moment in the past; never goes back.
  package let monotonic: @Sendable () -> Int64
  /// The same with the time in which the machine slept: what the wall clock should have gone on by.
  package let elapsed: @Sendable () -> Int64

  package init(
    now: @escaping @Sendable () -> Timestamp,
    monotonic: @escaping @Sendable () -> Int64 = Clock.readMonotonic,
    elapsed: @escaping @Sendable () -> Int64 = Clock.readSinceBoot
  ) {
    self.now = now
    self.monotonic = monotonic
    self.elapsed = elapsed
  }

  /// The clocks of the machine.
  package static let system = Clock(now: {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  })

  /// Nanoseconds of CLOCK_MONOTONIC.
  @Sendable package static func readMonotonic() -> Int64 { read(CLOCK_MONOTONIC) }

  /// Nanoseconds of CLOCK_BOOTTIME.
  @Sendable package static func readSinceBoot() -> Int64 { read(CLOCK_BOOTTIME) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
