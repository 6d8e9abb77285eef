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
  }

  /// Jobs that wait, for their start or their turn, by workspace: those that were counted, and those that were admitted since.
  private struct Waiting {
    var jobs: [Int64: Int] = [:]
    var all = 0
    var countedAt: Int64?
  }

  private let directory: DataDirectory
  private let readers: Readers
  private let clock: Clock
  private let limits: CapacityLimits
  private let folders: Folders?
  private let state = Mutex(State())
  /// Touched in the writer's transactions alone.
  private let waiting = Mutex(Waiting())

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
    let parts = try readers.read { try Capacity.parts(in: $0) }
    let isOver = parts.contains { $0.values.reduce(0, +) > limits.mostWaiting }
    let shortage: Shortage? = isShort ? .disk : isOver ? .queue : nil
    state.withLock { $0 = State(shortage: shortage, measuredAt: now) }
    return shortage
  }

  /// The jobs that wait for their turn, for their files and for their start, by workspace.
  private static func parts(in database: Database) throws -> [[Int64: Int]] {
    try [Queue.waiting(in: database), Downloads.waiting(in: database), Jobs.countIncomplete(in: database)]
  }

  /// Admits jobs of a workspace to those that wait; gives how many it may have instead when these would be more.
  ///
  /// Nobody has more than half of what the others leave, so there is room for whoever comes. Asked in a transaction of the
  /// writer, whose connection alone sees what others were admitted to in the same one.
  func admit(_ jobs: Int, of workspace: Int64, most: Int64?, in database: Database) throws -> Int64? {
    try count(in: database)
    return waiting.withLock { waiting in
      let own = waiting.jobs[workspace] ?? 0
      let share = max(1, (limits.mostWaiting - (waiting.all - own)) / 2)
      let limit = min(most ?? .max, Int64(share))
      guard Int64(own + jobs) <= limit else { return limit }
      waiting.jobs[workspace] = own + jobs
      waiting.all += jobs
      return nil
    }
  }

  /// Counts those that wait when the last count is too old.
  private func count(in database: Database) throws {
    let now = clock.monotonic()
    if let countedAt = waiting.withLock(\.countedAt), now - countedAt < Capacity.lifetime.nanoseconds { return }
    let parts = try Capacity.parts(in: database)
    let jobs: [Int64: Int] = parts.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
    waiting.withLock { $0 = Waiting(jobs: jobs, all: jobs.values.reduce(0, +), countedAt: now) }
  }

  /// A disk that does not tell has no room.
  private func measureDisk() -> Bool {
    guard let space = DiskSpace(at: directory.path) else { return true }
    return space.free < space.leastFree(limits)
  }
}
