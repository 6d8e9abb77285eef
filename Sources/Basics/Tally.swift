import Synchronization

/// How often each of a few things has happened.
package final class Tally<Label: Hashable & Sendable>: Sendable {
  private let state = Mutex<[Label: Int64]>([:])

  package init() {}

  package var counts: [Label: Int64] { state.withLock { $0 } }

  package func count(_ label: Label) {
    state.withLock { $0[label, default: 0] += 1 }
  }
}
