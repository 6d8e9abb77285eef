import Basics
import Synchronization

/// Files are synced when a part of the log is full or nothing has come for a while; then their records are not needed.
extension RedoLog {
  func serve() {
    var seen = 0
    while true {
      let isEmpty = state.withLock { state in state.segments.allSatisfy { $0.highest == 0 } }
      let rang = bell.wait(timeout: isEmpty || trust.failure != nil ? nil : patience)
      // What is left then is settled by `close`, if at all.
      if state.withLock(\.isClosed) { return }
      if let index = full() {
        settle(index)
      } else if !rang {
        let written = state.withLock(\.written)
        if written == seen { settleAll() }
        seen = written
      }
    }
  }

  /// Syncs everything and leaves no byte of a file in the log.
  func settleAll() {
    for turn in 0..<2 {
      let index = state.withLock { state in
        let index = turn == 0 ? 1 - state.current : state.current
        // What comes meanwhile goes into the other one.
        if turn == 1, state.segments[1 - index].end == 0 { state.current = 1 - index }
        return index
      }
      settle(index, clears: true)
    }
  }

  /// The part that takes no more, until its files are synced.
  private func full() -> Int? {
    state.withLock { state in state.segments[1 - state.current].end > 0 ? 1 - state.current : nil }
  }

  /// Syncs the files of a part, and their folders, and lets it be written anew.
  ///
  /// A file that is gone was deleted. One that cannot be opened keeps its record, and with it the part stays as it is, as it does
  /// while a file of it has not got its name. After a failed sync every part stays: the next sync of the same file succeeds,
  /// and its record may be the only good copy.
  func settle(_ index: Int, clears: Bool = false) {
    let part = state.withLock { state -> RedoSegment? in
      // Looked at and marked at once: a file that came between would be taken for a deleted one.
      guard trust.failure == nil, state.segments[index].highest > 0, state.segments[index].placing == 0
      else { return nil }
      state.segments[index].isSettling = true
      return state.segments[index]
    }
    guard let part else { return }
    var isSettled = false
    defer {
      state.withLock { state in
        state.segments[index].isSettling = false
        if isSettled {
          state.segments[index].end = 0
          state.segments[index].blobs = []
          if clears { state.segments[index].highest = 0 }
        }
      }
    }
    do {
      try SharedSync.sync(part.blobs.map { "\(files)/\($0.prefix(2))/\($0)" }, mayBeGone: true)
      try SharedSync.sync(Set(part.blobs.map { $0.prefix(2) }).map { "\(files)/\($0)" }, mayBeGone: true)
      // The kernel tells of a failure once, and whoever else has synced one of these files may have heard of it.
      guard trust.failure == nil else { return }
      if clears { try clear(part.descriptor, part.highest) }
      isSettled = true
    } catch {
      if error.call == "fsync" { trust.lose("\(error)") }
    }
  }

  /// Writes zeros over what files have left, for they may have been deleted.
  private func clear(_ descriptor: Int32, _ bytes: Int) throws(SystemFailure) {
    let zeros = [UInt8](repeating: 0, count: RedoRecord.page)
    for place in stride(from: 0, to: bytes, by: zeros.count) { try FileBytes.write(zeros, to: descriptor, at: place) }
  }
}
