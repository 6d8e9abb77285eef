import Synchronization

/// Keeps the names of files that were to be deleted while somebody needs them to stay.
final class DeletionHold: Sendable {
  private struct State {
    /// Gives holders and names one order.
    var count = 0
    var holders: Set<Int> = []
    var waiting: [(number: Int, blob: String)] = []
  }

  private let state = Mutex(State())

  /// Gives what the holder is ended by.
  func begin() -> Int {
    state.withLock { state in
      state.count += 1
      state.holders.insert(state.count)
      return state.count
    }
  }

  /// Gives what is to be deleted now, because nobody is left who began before it came.
  func end(_ holder: Int) -> [String] {
    state.withLock { state in
      state.holders.remove(holder)
      let oldest = state.holders.min() ?? .max
      let free = state.waiting.prefix { $0.number < oldest }.map(\.blob)
      state.waiting.removeFirst(free.count)
      return free
    }
  }

  /// The names that may be deleted now; all or none.
  func passing(_ blobs: [String]) -> [String] {
    state.withLock { state in
      guard !state.holders.isEmpty else { return blobs }
      state.count += 1
      state.waiting += blobs.map { (state.count, $0) }
      return []
    }
  }
}
