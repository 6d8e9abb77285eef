import Basics
import Synchronization

/// How programs of others have done since the start, by their names.
package final class ToolFigures: Sendable {
  package struct Figures: Sendable, Equatable {
    package var calls: Int64 = 0
    /// Calls that made nothing of use, whoever was to blame.
    package var failures: Int64 = 0
    package var seconds: Double = 0
    /// What held at its last start.
    package var held: ToolConfinement?
  }

  private let all = Mutex<[String: Figures]>([:])

  package init() {}

  package var figures: [String: Figures] { all.withLock { $0 } }

  func count(_ program: String, took span: Duration, held: ToolConfinement?) {
    all.withLock { all in
      all[program, default: Figures()].calls += 1
      all[program, default: Figures()].seconds += Double(span.nanoseconds) / 1e9
      if let held { all[program, default: Figures()].held = held }
    }
  }

  func countFailure(_ program: String) { all.withLock { $0[program, default: Figures()].failures += 1 } }
}
