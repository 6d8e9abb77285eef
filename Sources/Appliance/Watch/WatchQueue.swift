import Basics
import Synchronization

/// The files of watched folders that wait for their turn, are being converted, or may not be whole yet.
final class WatchQueue: Sendable {
  struct Item: Hashable, Sendable {
    let folder: Int
    let name: String
  }

  /// A file to be looked at again.
  private struct Doubt {
    var mark: FileMark?
    /// Monotonic nanoseconds.
    var due: Int64
  }

  private struct State {
    var waiting: [Item] = []
    /// What waits or is being converted.
    var taken: Set<Item> = []
    /// What was added while it was being converted.
    var again: Set<Item> = []
    var doubts: [Item: Doubt] = [:]
    var isClosed = false
  }

  private let state = Mutex(State())
  /// Rings for each file that waits.
  private let bell = Doorbell()

  /// A file that waits is not added again; one that is being converted is when that has ended.
  func add(_ item: Item) {
    let isNew = state.withLock { state in
      state.doubts[item] = nil
      guard state.taken.insert(item).inserted else {
        state.again.insert(item)
        return false
      }
      state.waiting.append(item)
      return true
    }
    if isNew { bell.ring() }
  }

  /// Blocks until there is one; nil when there will be none.
  func take() -> Item? {
    while true {
      let (item, isClosed): (Item?, Bool) = state.withLock { state in
        if state.isClosed { return (nil, true) }
        return (state.waiting.isEmpty ? nil : state.waiting.removeFirst(), false)
      }
      if item != nil || isClosed { return item }
      if !bell.wait(), bell.isClosed { return nil }
    }
  }

  func end(_ item: Item) {
    let isWanted = state.withLock { state in
      guard state.again.remove(item) != nil else {
        state.taken.remove(item)
        return false
      }
      state.waiting.append(item)
      return true
    }
    if isWanted { bell.ring() }
  }

  /// Nothing is given out any more.
  func close() {
    state.withLock { $0.isClosed = true }
    bell.close()
  }

  /// Remembers a file that may not be whole, and how it was.
  func doubt(_ item: Item, _ mark: FileMark?, until due: Int64) {
    state.withLock { $0.doubts[item] = Doubt(mark: mark, due: due) }
  }

  func forget(_ item: Item) { state.withLock { $0.doubts[item] = nil } }

  /// How a file was when it was looked at last, once that is long enough ago.
  func mark(of item: Item, at now: Int64) -> FileMark? {
    state.withLock { state in state.doubts[item].flatMap { $0.due <= now ? $0.mark : nil } }
  }

  /// Those to look at again now.
  func due(at now: Int64) -> [Item] { state.withLock { $0.doubts.filter { $0.value.due <= now }.map(\.key) } }

  /// When the next one is to be looked at; nil when there is none.
  var next: Int64? { state.withLock { $0.doubts.values.map(\.due).min() } }

  /// True when nothing waits, runs or is in doubt.
  var isIdle: Bool { state.withLock { $0.taken.isEmpty && $0.doubts.isEmpty } }
}
