import Synchronization

/// Notices that the wall clock was set, by comparing it with the time that has passed since the boot, and knows when it has
/// kept its pace for long enough to be believed.
package final class ClockWatch: Sendable {
  /// A clock that moves by less is being corrected, not set.
  package static let tolerance = Duration.seconds(180)

  private struct State {
    /// What the wall clock says less the time since the boot, in milliseconds; only a set clock changes it.
    var offset: Int64
    /// When the clock will have been steady for long enough, in nanoseconds since the boot.
    var steadyAt: Int64 = .min
  }

  private let clock: Clock
  private let settle: Duration
  private let log: Log
  private let whenSet: @Sendable (Duration) -> Void
  private let state: Mutex<State>

  /// The clock is believed at first, and once it was set, after `settle`.
  ///
  /// `whenSet` is told by how much it was set, ahead or back.
  package init(clock: Clock, settle: Duration, log: Log, whenSet: @escaping @Sendable (Duration) -> Void = { _ in }) {
    self.clock = clock
    self.settle = settle
    self.log = log
    self.whenSet = whenSet
    state = Mutex(State(offset: ClockWatch.offset(clock)))
  }

  private static func offset(_ clock: Clock) -> Int64 { clock.now().milliseconds - clock.elapsed() / 1_000_000 }

  /// Looks now; false while what is old by the clock may not be old at all.
  @discardableResult
  package func isSteady() -> Bool {
    let (isSteady, jump) = state.withLock { state -> (Bool, Duration?) in
      let offset = ClockWatch.offset(clock)
      let elapsed = clock.elapsed()
      let jump = offset - state.offset
      guard abs(jump) >= ClockWatch.tolerance.milliseconds else { return (elapsed >= state.steadyAt, nil) }
      state = State(offset: offset, steadyAt: elapsed + settle.nanoseconds)
      // Said before another thread can act on it.
      log.warning(
        "the clock was set; nothing is removed for its age before it has kept its pace for a while",
        ["by_seconds": String(jump / 1000), "while": "\(Quantity.span(settle.milliseconds))"])
      return (settle <= .zero, .milliseconds(jump))
    }
    if let jump { whenSet(jump) }
    return isSteady
  }
}
