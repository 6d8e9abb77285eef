package import Basics
import Conversion
import Formats
import Glibc
package import Storage
import Synchronization

/// The room for what is written: of each job, of each workspace, and of the disk, of which a part is kept for others.
///
/// A conversion writes in a process of its own, so it is granted bytes beforehand; what this process writes is counted as
/// it comes.
package final class Room: Sendable {
  /// What the operator allows.
  package struct Limits: Sendable {
    /// Bytes of one output.
    package var mostOutput: Int64 = 2 << 30
    /// Bytes of all outputs of a job.
    package var mostJobOutput: Int64 = 10 << 30

    package init() {}

    package init(_ settings: Settings) {
      mostOutput = settings.number(.maxOutput)
      mostJobOutput = settings.number(.maxJobOutput)
    }
  }

  /// What a grant is asked for.
  enum Share {
    /// A part of what is left, so that others can have one at the same time.
    case part
    /// All that is left; waits until nothing else of the workspace is granted.
    case whole
  }

  /// Leave to write so many bytes, less than `limit` where others are to have a part.
  struct Grant {
    let number: Int
    let bytes: Int64
    let limit: RoomLimit
    let isPart: Bool
  }

  enum Answer {
    case granted(Grant)
    case wait
    case refused(RoomLimit)
  }

  /// What is written is measured anew after so many bytes of a workspace.
  static let step: Int64 = 1 << 20
  /// A part is not made smaller than this.
  static let leastPart: Int64 = 1 << 20
  /// With less room than is kept for others, a job of a workspace that has little may still make so much.
  static let mostBelow: Int64 = 16 << 20

  let limits: Limits
  private let store: Store
  private let space: @Sendable () -> DiskSpace?
  private let reservations = Mutex(Reservations())
  /// Rung when something was given back that somebody waits for.
  let freed = Doorbell()

  package init(store: Store, limits: Limits = Limits(), space: (@Sendable () -> DiskSpace?)? = nil) {
    self.store = store
    self.limits = limits
    let path = store.directory.path
    self.space = space ?? { DiskSpace(at: path) }
  }

  /// An output that somebody wants to write.
  struct Wish {
    let workspace: Int64
    var share = Share.part
    /// Bytes of the attempt's earlier outputs.
    var made: Int64 = 0
    /// It needs no more than this.
    var most = Int64.max
    /// Set for an archive: bytes of the workspace that go once it is there.
    var replaced: Int64?
    /// Tells how much of it is on the disk.
    let written: @Sendable () -> Int64
  }

  /// Leave for one more output: as much as its file, its job, its workspace and the disk may all have.
  func grant(_ wish: Wish) throws -> Answer {
    let (workspace, share) = (wish.workspace, wish.share)
    return try reservations.withLock { reservations in
      let job = limits.mostJobOutput - (wish.replaced == nil ? wish.made : 0)
      var limit = RoomLimit.file(limits.mostOutput)
      var (bytes, whole) = (Int64.max, Int64.max)
      func narrow(_ candidate: RoomLimit, _ most: Int64, all: Int64) {
        whole = min(whole, all)
        if most < bytes { (limit, bytes) = (candidate, most) }
      }
      if wish.replaced == nil { narrow(limit, limits.mostOutput, all: limits.mostOutput) }
      narrow(.job(limits.mostJobOutput), job, all: job)
      if bytes > 0 { narrow(limit, wish.most, all: wish.most) }
      let disk = try diskRoom(workspace, made: wish.made, reservations)
      guard disk > 0 else { return .refused(.disk) }
      narrow(.disk, share == .part ? Room.part(disk) : disk, all: disk)
      if let (most, stored) = try account(workspace) {
        let all = min(most, Plans.mostBytes) - stored - reservations.held(workspace) + (wish.replaced ?? 0)
        guard all > 0 else { return .refused(.workspace(most)) }
        let left = all - reservations.granted(workspace)
        if share == .whole {
          if left < min(all, bytes) { return .wait }
          narrow(.workspace(most), left, all: left)
        } else {
          // One who waits for everything would wait for ever if others went on taking parts.
          if left <= 0 || (reservations.isAwaited(workspace) && left < bytes) { return .wait }
          narrow(.workspace(most), Room.part(left), all: all)
        }
      }
      guard bytes > 0 else { return .refused(limit) }
      let number = reservations.add(.init(workspace: workspace, bytes: bytes, written: wish.written))
      return .granted(Grant(number: number, bytes: bytes, limit: limit, isPart: bytes < whole))
    }
  }

  /// Half of what is left or less, by powers of two: jobs after each other are given the same, for a child is kept for
  /// another one only when that may write as much (`WorkerPool`).
  private static func part(_ bytes: Int64) -> Int64 {
    let half = bytes / 2
    return half > leastPart ? 1 << (Int64.bitWidth - 1 - half.leadingZeroBitCount) : min(bytes, leastPart)
  }

  /// Ends a grant, of which so many bytes stay in the spool.
  func end(_ grant: Grant, keeping bytes: Int64) {
    change { $0.end(grant.number, keeping: bytes) }
  }

  /// Counts bytes that are in the spool, or no longer.
  func hold(_ workspace: Int64, _ bytes: Int64) {
    change { $0.hold(workspace, bytes) }
  }

  /// While one waits for all that is left, others of its workspace are given nothing more.
  func wait(_ workspace: Int64, _ change: Int) {
    self.change { $0.wait(workspace, change) }
  }

  private func change(_ body: (inout Reservations) -> Void) {
    let isAwaited = reservations.withLock { reservations in
      body(&reservations)
      return reservations.hasWaiting
    }
    if isAwaited { freed.ring() }
  }

  /// Counts bytes that are about to be written by this process, and tells what is in the way; then they are not counted.
  func take(_ bytes: Int64, of workspace: Int64) throws -> RoomLimit? {
    try reservations.withLock { reservations in
      let isDue = reservations.isDue(workspace, bytes, each: Room.step)
      if isDue, let limit = try obstacle(to: bytes, of: workspace, reservations) { return limit }
      reservations.hold(workspace, bytes)
      return nil
    }
  }

  private func obstacle(to bytes: Int64, of workspace: Int64, _ reservations: Reservations) throws -> RoomLimit? {
    // What is granted may be written while this is, and neither may be what takes the disk below what is kept.
    guard let space = space(), space.free - space.leastFree - reservations.outstanding >= bytes else { return .disk }
    guard let (most, stored) = try account(workspace) else { return nil }
    let present = stored + reservations.held(workspace) + reservations.written(workspace)
    return present + bytes > most ? .workspace(most) : nil
  }

  /// What a workspace may store and stores; nil when its plan has no limit.
  private func account(_ workspace: Int64) throws -> (most: Int64, stored: Int64)? {
    try store.read { database in
      guard let most = try Workspaces.mostStored(workspace, in: database) else { return nil }
      return (most, try Usage.counter(workspace, Usage.storedBytes, in: database))
    }
  }

  /// What the disk has for outputs: they stop a quarter before new jobs are refused, so that others can still submit.
  ///
  /// Whoever stores little may go on below that, a little at a time.
  private func diskRoom(_ workspace: Int64, made: Int64, _ reservations: Reservations) throws -> Int64 {
    guard let space = space() else { return 0 }
    let (free, least) = (space.free - reservations.outstanding, space.leastFree)
    let usual = free - least - least / 4
    let below = min(Room.mostBelow, free / 64) - made
    guard below > usual else { return usual }
    let stored = try store.read { try Usage.counter(workspace, Usage.storedBytes, in: $0) }
    return stored + reservations.held(workspace) < least ? below : usual
  }
}
