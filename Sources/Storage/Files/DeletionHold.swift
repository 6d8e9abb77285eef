import Synchronization

/// Keeps the names of files that were to be deleted while somebody needs them to stay.
final class DeletionHold: Sendable {
  private struct State {
    var holders = 0
    var waiting: [String] = []
  }

  private let state = Mutex(State())

  func begin() {
    state.withLock { $0.holders += 1 }
  }

  /// Gives what the last holder has to delete.
  func end() -> [String] {
    state.withLock { state in
      state.holders -= 1
      guard state.holders == 0 else { return [] }
      defer { state.waiting = [] }
      return state.waiting
    }
  }

  /// The names that may be deleted now; all or none.
  func passing(_ blobs: [String]) -> [String] {
    state.withLock { state in
      guard state.holders > 0 else { return blobs }
      state.waiting += blobs
      return []
    }
  }
}
