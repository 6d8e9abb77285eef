package import Basics
import Synchronization

/// A clock that stands still until a test moves it.
package final class FixedClock: Sendable {
  private let moment: Mutex<Timestamp>
  private let passed = Mutex<Int64>(0)
  /// How many readings from now the clock is set, and by how much.
  private let plan = Mutex<(readings: Int, span: Duration)?>(nil)

  /// Starts on 2026-03-12T08:00:00Z unless told otherwise.
  package init(_ moment: Timestamp = Timestamp(milliseconds: 1_773_302_400_000)) {
    self.moment = Mutex(moment)
  }

  package var now: Timestamp { moment.withLock { $0 } }

  /// Lets time pass.
  package func advance(by span: Duration) {
    moment.withLock { $0 = $0 + span }
    passed.withLock { $0 += span.nanoseconds }
  }

  /// Sets the wall clock, while no time passes.
  package func set(by span: Duration) {
    moment.withLock { $0 = $0 + span }
  }

  /// Sets the wall clock just before the reading with that number, counted from now, of the clock that was handed over.
  package func set(by span: Duration, atReading number: Int) {
    plan.withLock { $0 = (number, span) }
  }

  private func read() -> Timestamp {
    let span = plan.withLock { plan -> Duration? in
      guard let (readings, span) = plan else { return nil }
      plan = readings > 1 ? (readings - 1, span) : nil
      return readings > 1 ? nil : span
    }
    if let span { set(by: span) }
    return now
  }

  /// The clock to hand over; its monotonic side is the machine's.
  package var clock: Clock {
    Clock(now: { [self] in read() }, elapsed: { [self] in passed.withLock { $0 } })
  }

  /// The same for what is counted by the monotonic side, which goes on by the time that a test lets pass, too.
  package var counting: Clock {
    Clock(
      now: { [self] in now }, monotonic: { [self] in Clock.readMonotonic() + passed.withLock { $0 } },
      elapsed: { [self] in passed.withLock { $0 } })
  }
}
