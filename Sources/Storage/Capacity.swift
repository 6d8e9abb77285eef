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
  struct Limits {
    /// No job is taken when less is free than this, in bytes, or than this part of the disk.
    var leastFree: Int64 = 1 << 30
    var leastShare: Int64 = 20
    var mostWaiting = 100_000
  }

  private static let lifetime = Duration.seconds(1)

  private struct State {
    var shortage: Shortage?
    var measuredAt: Int64?
  }

  private let directory: DataDirectory
  private let readers: Readers
  private let clock: Clock
  private let limits: Limits
  private let folders: Folders?
  private let state = Mutex(State())

  init(
    directory: DataDirectory, readers: Readers, clock: Clock, limits: Limits = Limits(), folders: Folders? = nil
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
    let shortage = try measure()
    state.withLock { $0 = State(shortage: shortage, measuredAt: now) }
    return shortage
  }

  private func measure() throws -> Shortage? {
    if let failure = folders?.look() { throw failure }
    // A disk that does not tell has no room.
    guard let space = DiskSpace(at: directory.path), space.free >= space.leastFree(limits) else { return .disk }
    let isOver = try readers.read { database in
      try Queue.hasMoreWaiting(than: limits.mostWaiting, in: database)
        || Downloads.hasMoreWaiting(than: limits.mostWaiting, in: database)
    }
    return isOver ? .queue : nil
  }
}
