import Basics
import Conversion
import Formats
import Glibc
import Synchronization

/// What one attempt at a job has made and may still make; what it holds is given back when the attempt is over.
final class AttemptRoom: Sendable {
  /// How often one that waits looks whether it is canceled.
  private static let pause = Duration.milliseconds(100)

  private let room: Room
  private let workspace: Int64
  /// Bytes of outputs in the spool.
  private let made = Mutex<Int64>(0)

  init(_ room: Room, workspace: Int64) {
    self.room = room
    self.workspace = workspace
  }

  deinit { clear() }

  /// Gives back what the attempt holds: its outputs are recorded, or gone.
  func clear() {
    let bytes = made.withLock { made in
      defer { made = 0 }
      return made
    }
    if bytes > 0 { room.hold(workspace, -bytes) }
  }

  /// All that the attempt has made.
  var bytes: Int64 { made.withLock(\.self) }

  /// Makes one output with leave for so many bytes: a part of what is left first, and all of it when that was too little
  /// and more can be had.
  ///
  /// `others` are further outputs that were opened meanwhile.
  func make<Result>(
    _ output: Int32, others: () -> [Int32] = { [] }, isOver: () throws -> Void,
    _ body: (_ mostBytes: Int64) throws -> Result
  ) throws -> Result {
    let first = try grant(wish(output), isOver: isOver)
    do {
      return try use(first, output, others) { try body(first.bytes) }
    } catch let failure as ConversionFailure where failure.excess != nil {
      guard first.isPart else { throw first.limit.failure(failure.excess) }
      var all = wish(output)
      all.share = .whole
      if case .known(let bytes)? = failure.excess { all.most = bytes }
      let whole = try grant(all, isOver: isOver)
      return try use(whole, output, others) {
        if case .known(let bytes)? = failure.excess, bytes > whole.bytes { throw whole.limit.failure(failure.excess) }
        do {
          return try body(whole.bytes)
        } catch let failure as ConversionFailure where failure.excess != nil {
          throw whole.limit.failure(failure.excess)
        }
      }
    }
  }

  /// Packs files into an archive of at most so many bytes, after which `replaced` bytes of the workspace go.
  func pack(
    _ output: Int32, most: Int64, replacing replaced: Int64, isOver: () throws -> Void,
    _ body: (Allowance) throws -> Int64
  ) throws -> Int64 {
    var all = wish(output)
    (all.share, all.most, all.replaced) = (.whole, most, replaced)
    let whole = try grant(all, isOver: isOver)
    return try use(whole, output) { try body(Allowance(grant: whole)) }
  }

  /// Counts what is written here against a grant.
  final class Allowance {
    private let grant: Room.Grant
    private var used: Int64 = 0

    init(grant: Room.Grant) { self.grant = grant }

    func take(_ bytes: Int64) throws(ConversionFailure) {
      used += bytes
      guard used <= grant.bytes else { throw grant.limit.failure(.unknown) }
    }
  }

  /// An output is gone that only led to another.
  func drop(_ bytes: Int64) {
    made.withLock { $0 -= bytes }
    room.hold(workspace, -bytes)
  }

  private func use<Result>(
    _ grant: Room.Grant, _ output: Int32, _ others: () -> [Int32] = { [] }, _ body: () throws -> Result
  ) throws -> Result {
    do {
      let result = try body()
      let size = others().reduce(AttemptRoom.size(of: output)) { $0 + AttemptRoom.size(of: $1) }
      made.withLock { $0 += size }
      room.end(grant, keeping: size)
      return result
    } catch {
      // What is left of it is nobody's room.
      for file in [output] + others() { ftruncate(file, 0) }
      room.end(grant, keeping: 0)
      throw error
    }
  }

  private func wish(_ output: Int32) -> Room.Wish {
    Room.Wish(workspace: workspace, made: made.withLock(\.self)) { AttemptRoom.onDisk(output) }
  }

  private func grant(_ wish: Room.Wish, isOver: () throws -> Void) throws -> Room.Grant {
    var hasWaited = false
    defer { if hasWaited { room.wait(workspace, -1) } }
    while true {
      switch try room.grant(wish) {
      case .granted(let grant): return grant
      case .refused(let limit): throw limit.failure(nil)
      case .wait:
        if wish.share == .whole, !hasWaited {
          hasWaited = true
          room.wait(workspace, 1)
        }
        _ = room.freed.wait(timeout: AttemptRoom.pause)
        try isOver()
      }
    }
  }

  private static func size(of file: Int32) -> Int64 {
    var facts = stat()
    return fstat(file, &facts) == 0 ? Int64(facts.st_size) : 0
  }

  /// What a file takes on the disk, which is less than its size while it has holes.
  private static func onDisk(_ file: Int32) -> Int64 {
    var facts = stat()
    return fstat(file, &facts) == 0 ? Int64(facts.st_blocks) * 512 : 0
  }
}
