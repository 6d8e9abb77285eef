import Synchronization

/// The least level that is written, shared by everything that logs, so that it can be changed while a server runs.
package final class LogThreshold: Sendable {
  private let value: Atomic<Int>

  package init(_ level: Log.Level) {
    value = Atomic(level.rawValue)
  }

  package var level: Log.Level {
    get { Log.Level(rawValue: value.load(ordering: .relaxed)) ?? .info }
    set { value.store(newValue.rawValue, ordering: .relaxed) }
  }
}
