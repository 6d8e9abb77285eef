package import Storage
import Synchronization

/// Tells those who watch a job what happens to it, right after the commit that made it so.
package final class EventHub: Sendable {
  package typealias Listener = @Sendable (Event) -> Void

  private struct State {
    var listeners: [Int64: [Int: Listener]] = [:]
    var next = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// Calls `listener` for every later event of the job, on the thread that made it, until it is unsubscribed.
  ///
  /// Whoever needs the earlier events too reads them after this call and leaves out what came twice.
  package func subscribe(job: Int64, _ listener: @escaping Listener) -> Int {
    state.withLock { state in
      state.next += 1
      state.listeners[job, default: [:]][state.next] = listener
      return state.next
    }
  }

  package func unsubscribe(job: Int64, _ subscription: Int) {
    state.withLock { state in
      state.listeners[job]?[subscription] = nil
      if state.listeners[job]?.isEmpty ?? false { state.listeners[job] = nil }
    }
  }

  func publish(_ event: Event, job: Int64) {
    let listeners = state.withLock { $0.listeners[job].map { Array($0.values) } ?? [] }
    for listener in listeners { listener(event) }
  }
}
