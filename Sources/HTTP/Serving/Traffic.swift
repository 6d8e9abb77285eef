package import Basics
import Synchronization

/// What a server has answered since its start, by route and status.
package final class Traffic: Sendable {
  package struct Count: Sendable {
    /// Nil for requests that found no route.
    package let route: (method: Method, pattern: String)?
    package let status: Int
    package let requests: Int64
  }

  package struct Summary: Sendable {
    /// In the order of the routes, then of the statuses.
    package var counts: [Count] = []
    package var bodyBytes: Int64 = 0
    /// Without event streams, which last as long as their clients like.
    package var durations = Histogram(Traffic.bounds)
  }

  private struct State {
    var shares: [TrafficShare] = []
    var routes: [Route] = []
  }

  static let bounds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60]

  private let state = Mutex(State())

  package init() {}

  /// The shares of a server's loops, which begin at nothing.
  func begin(_ shares: [TrafficShare], routes: [Route]) {
    state.withLock { $0 = State(shares: shares, routes: routes) }
  }

  package var summary: Summary {
    let (shares, routes) = state.withLock { ($0.shares, $0.routes) }
    var summary = Summary()
    var requests: [Int: [Int: Int64]] = [:]
    for figures in shares.map(\.figures) {
      for (route, statuses) in figures.requests { requests[route, default: [:]].merge(statuses, uniquingKeysWith: +) }
      summary.bodyBytes += figures.bodyBytes
      summary.durations.merge(figures.durations)
    }
    for (number, statuses) in requests.sorted(by: { $0.key < $1.key }) {
      let route = number > 0 ? routes[number - 1] : nil
      for (status, count) in statuses.sorted(by: { $0.key < $1.key }) {
        summary.counts.append(
          Count(route: route.map { ($0.method, $0.pattern) }, status: status, requests: count))
      }
    }
    return summary
  }
}
