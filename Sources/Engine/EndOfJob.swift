package import Storage
import Synchronization

/// Waits for the end of one job, by being told and never by asking again.
final class EndOfJob: Sendable {
  private struct State {
    var hasCome = false
    var waiting: UnsafeContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  /// Lets the wait end, now or when it begins.
  func come() {
    let waiting = state.withLock { state in
      state.hasCome = true
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume()
  }

  /// Returns after `come`; one task may wait.
  func wait() async {
    await withUnsafeContinuation { continuation in
      let hasCome = state.withLock { state in
        if !state.hasCome { state.waiting = continuation }
        return state.hasCome
      }
      if hasCome { continuation.resume() }
    }
  }
}

extension EventKind {
  /// True when nothing more happens to the job.
  package var isFinal: Bool {
    switch self {
    case .completed, .failed, .canceled: true
    case .submitted, .started, .progress: false
    }
  }
}
