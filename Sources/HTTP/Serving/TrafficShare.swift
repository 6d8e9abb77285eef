import Basics
import Synchronization

/// What one loop has answered since the start; loops count apart, so that none waits for another.
final class TrafficShare: Sendable {
  struct State {
    /// By the number of the route, 0 for requests that found none, and then by status.
    var requests: [Int: [Int: Int64]] = [:]
    var bodyBytes: Int64 = 0
    var durations = Histogram(Traffic.bounds)
  }

  private let state = Mutex(State())

  var figures: State { state.withLock { $0 } }

  func note(_ entry: AccessEntry) {
    state.withLock { state in
      state.requests[entry.route, default: [:]][entry.status, default: 0] += 1
      state.bodyBytes += entry.bytes
      if !entry.isStream { state.durations.add(seconds: Double(entry.end - entry.start) / 1e9) }
    }
  }
}
