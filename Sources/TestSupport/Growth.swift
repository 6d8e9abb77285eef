import Glibc

/// How much more work something is when its input is four times as large: about four for what is linear, sixteen for
/// what is quadratic.
package enum Growth {
  /// More than this is no longer linear, with room for a busy machine and for work that is little.
  package static let mostForLinear = 8.0
  /// Nanoseconds that are added to both sides, so that what hardly takes any time has no growth.
  private static let slack: Int64 = 3_000_000

  /// The ratio of the processor time of this process, the least of three runs each, or of more where other work on the
  /// machine has made it look like growth.
  package static func ratio(of size: Int, _ body: (Int) throws -> Void) rethrows -> Double {
    try body(size)
    var (small, large) = try (least(size, body), least(4 * size, body))
    for _ in 0..<4 where ratio(large, small) >= mostForLinear {
      (small, large) = try (least(size, body), min(large, least(4 * size, body)))
    }
    return ratio(large, small)
  }

  private static func ratio(_ large: Int64, _ small: Int64) -> Double { Double(large + slack) / Double(small + slack) }

  private static func least(_ size: Int, _ body: (Int) throws -> Void) rethrows -> Int64 {
    try (0..<3).map { _ in
      let start = now()
      try body(size)
      return now() - start
    }.min() ?? 0
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
