import Basics

/// Holds a client to the least rate: what it took or brought is compared with the time that was spent waiting for it.
///
/// Only waiting counts, since a slow handler is not the client's fault.
struct ClientPace {
  private let window: Int64
  private let least: Int64
  private var waited: Int64 = 0
  private var moved: Int64 = 0

  init(_ limits: ServerLimits) {
    window = limits.rateWindow.nanoseconds
    least = limits.leastInWindow
  }

  /// How much longer (nanoseconds) the client may be waited for before it is judged.
  var patience: Int64 { window - waited }

  mutating func note(bytes: Int) {
    moved += Int64(bytes)
  }

  /// Counts a wait; false when the window is over and too little has passed in it.
  mutating func note(wait span: Int64) -> Bool {
    waited += span
    guard waited >= window else { return true }
    guard moved >= least, moved > 0 else { return false }
    (waited, moved) = (0, 0)
    return true
  }
}
