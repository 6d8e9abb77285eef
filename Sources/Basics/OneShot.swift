import Synchronization

/// Something that happens once and that one task waits for, by being told and never by asking again.
package final class OneShot: Sendable {
  private struct State {
    var hasCome = false
    var waiting: UnsafeContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  package init() {}

  /// Lets the wait end, now or when it begins.
  package func come() {
    let waiting = state.withLock { state in
      state.hasCome = true
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume()
  }

  /// Returns after `come`; one task may wait.
  package func wait() async {
    await withUnsafeContinuation { continuation in
      let hasCome = state.withLock { state in
        if !state.hasCome { state.waiting = continuation }
        return state.hasCome
      }
      if hasCome { continuation.resume() }
    }
  }

  /// Returns after `come`, or when `longest` is over.
  package func wait(longest: Duration) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.wait() }
      group.addTask {
        try? await Task.sleep(for: longest)
        self.come()
      }
      await group.next()
      group.cancelAll()
    }
  }
}
