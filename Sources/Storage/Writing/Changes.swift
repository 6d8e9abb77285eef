package import Basics
import Synchronization

/// Tells open pages that something of a workspace has changed, right after the commit that made it so.
///
/// A note says nothing but that. It stands for all that changes within `span` from it on, so that ten thousand jobs a minute
/// are no flood: whoever gets one looks at once, and once more when that time is over.
package final class Changes: Sendable {
  package static let span = Duration.milliseconds(250)

  private struct Listener {
    let isWanted: @Sendable (Int64) -> Bool
    let tell: @Sendable () -> Void
    var quietUntil = Int64.min
  }

  private struct State {
    var listeners: [Int: Listener] = [:]
    var next = 0
  }

  private let clock: Clock
  private let state = Mutex(State())
  /// So that a submission takes no lock for pages that nobody has open.
  private let isHeard = Atomic(false)

  package init(clock: Clock) {
    self.clock = clock
  }

  /// Calls `tell`, on the thread of the change, for changes of the workspaces that `isWanted` is true for.
  package func subscribe(
    to isWanted: @escaping @Sendable (_ workspace: Int64) -> Bool, _ tell: @escaping @Sendable () -> Void
  ) -> Int {
    state.withLock { state in
      state.next += 1
      state.listeners[state.next] = Listener(isWanted: isWanted, tell: tell)
      isHeard.store(true, ordering: .releasing)
      return state.next
    }
  }

  package func unsubscribe(_ subscription: Int) {
    state.withLock { state in
      state.listeners[subscription] = nil
      if state.listeners.isEmpty { isHeard.store(false, ordering: .releasing) }
    }
  }

  /// Called after the commit; nil is what belongs to no workspace, which everybody hears of.
  package func note(_ workspace: Int64?) {
    guard isHeard.load(ordering: .acquiring) else { return }
    let now = clock.monotonic()
    let told = state.withLock { state -> [@Sendable () -> Void] in
      var told: [@Sendable () -> Void] = []
      for (number, listener) in state.listeners
      where listener.quietUntil <= now && (workspace.map(listener.isWanted) ?? true) {
        state.listeners[number]?.quietUntil = now + Changes.span.nanoseconds
        told.append(listener.tell)
      }
      return told
    }
    for tell in told { tell() }
  }

  package var count: Int { state.withLock { $0.listeners.count } }
}
