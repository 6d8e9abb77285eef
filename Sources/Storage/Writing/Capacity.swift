import Basics
import Synchronization

/// Why no new job can be taken at the moment.
package enum Shortage: Sendable, Equatable {
  /// The disk has too little room left for another upload and its output.
  case disk
  /// More jobs wait than can be a burst.
  case queue
}

/// Whether there is room for another job: measured at most once a second, because every upload asks.
final class Capacity: Sendable {
  private static let lifetime = Duration.seconds(1)

  private struct State {
    var shortage: Shortage?
    var measuredAt: Int64?
    /// Jobs that wait, for their start or their turn, by workspace: those that were measured, and those that were admitted since.
    var waiting: [Int64: Int] = [:]
    var all = 0
  }

  private let directory: DataDirectory
  private let readers: Readers
  private let clock: Clock
  private let limits: CapacityLimits
  private let folders: Folders?
  private let state = Mutex(State())

  init(
    directory: DataDirectory, readers: Readers, clock: Clock, limits: CapacityLimits = CapacityLimits(),
    folders: Folders? = nil
  ) {
    self.folders = folders
    self.limits = limits
    self.directory = directory
    self.readers = readers
    self.clock = clock
  }

  /// The shortage, or nil; a point query and a system call when the last measure is too old.
  func shortage() throws -> Shortage? {
    let now = clock.monotonic()
    let known: Shortage?? = state.withLock { state in
      guard let measuredAt = state.measuredAt, now - measuredAt < Capacity.lifetime.nanoseconds else { return nil }
      return .some(state.shortage)
    }
    if let known { return known }
    if let failure = folders?.look() { throw failure }
    let isShort = measureDisk()
    let parts = try readers.read { database in
      try [Queue.waiting(in: database), Downloads.waiting(in: database), Jobs.countIncomplete(in: database)]
    }
    let isOver = parts.contains { $0.values.reduce(0, +) > limits.mostWaiting }
    let waiting = parts.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
    let all = waiting.values.reduce(0, +)
    let shortage: Shortage? = isShort ? .disk : isOver ? .queue : nil
    state.withLock { $0 = State(shortage: shortage, measuredAt: now, waiting: waiting, all: all) }
    return shortage
  }

  /// Admits jobs of a workspace to those that wait; gives how many it may have instead when these would be more.
  ///
  /// Nobody has more than half of what the others leave, so there is room for whoever comes.
  func admit(_ jobs: Int, of workspace: Int64, most: Int64?) throws -> Int64? {
    _ = try shortage()
    return state.withLock { state in
      let own = state.waiting[workspace] ?? 0
      let share = max(1, (limits.mostWaiting - (state.all - own)) / 2)
      let limit = min(most ?? .max, Int64(share))
      guard Int64(own + jobs) <= limit else { return limit }
      state.waiting[workspace] = own + jobs
      state.all += jobs
      return nil
    }
  }

  /// A disk that does not tell has no room.
  private func measureDisk() -> Bool {
    guard let space = DiskSpace(at: directory.path) else { return true }
    return space.free < space.leastFree(limits)
  }
}
