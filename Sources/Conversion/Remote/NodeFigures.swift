package import Basics
import Synchronization

/// How machines elsewhere have done since the start, by their names.
package final class NodeFigures: Sendable {
  package struct Figures: Sendable, Equatable {
    package var done: Int64 = 0
    /// Orders that brought no result.
    package var lost: Int64 = 0
    package var refused: Int64 = 0
    package var seconds: Double = 0
    /// Why the last one was lost or refused; nil when the last one was done.
    package var trouble: String?
    package var seenAt: Timestamp?
  }

  private let clock: Clock
  private let all = Mutex<[String: Figures]>([:])

  package init(clock: Clock = .system) {
    self.clock = clock
  }

  package var figures: [String: Figures] { all.withLock { $0 } }

  package func change(_ host: String, _ body: (inout Figures) -> Void) {
    all.withLock { all in
      body(&all[host, default: Figures()])
      all[host]?.seenAt = clock.now()
    }
  }

  package func done(_ host: String, took span: Duration) {
    change(host) { figures in
      figures.done += 1
      figures.seconds += Double(span.nanoseconds) / 1e9
      figures.trouble = nil
    }
  }

  package func lost(_ host: String, _ reason: String) {
    change(host) { figures in
      figures.lost += 1
      figures.trouble = reason
    }
  }

  package func refused(_ host: String, _ reason: String) {
    change(host) { figures in
      figures.refused += 1
      figures.trouble = reason
    }
  }
}
