package import Storage
import Synchronization

/// What one upload or one fetched file brings into the spool, counted until nobody needs the file there any more.
package final class IncomingRoom: Sendable {
  private let room: Room
  private let workspace: Int64
  private let state = Mutex<(taken: Int64, obstacle: RoomLimit?)>((0, nil))

  init(_ room: Room, workspace: Int64) {
    self.room = room
    self.workspace = workspace
  }

  deinit { handOver() }

  /// Counts nothing any more: the bytes are gone, or about to be counted where the file stays.
  func handOver() {
    let bytes = state.withLock { state in
      defer { state.taken = 0 }
      return state.taken
    }
    if bytes > 0 { room.hold(workspace, -bytes) }
  }

  /// Counts bytes that are about to be written; tells what is in the way when they may not be.
  func take(_ bytes: Int64) throws -> RoomLimit? {
    let limit = try room.take(bytes, of: workspace)
    state.withLock { state in
      if limit == nil { state.taken += bytes }
      state.obstacle = limit
    }
    return limit
  }

  /// What was in the way at last.
  var obstacle: RoomLimit? { state.withLock(\.obstacle) }
}

extension Room {
  /// What is asked before the files of a request go into the spool; throws a `Refusal`.
  package func upload(_ workspace: Int64, _ plan: Plan) -> @Sendable (Int64) throws -> Void {
    let incoming = IncomingRoom(self, workspace: workspace)
    return { bytes in
      switch try incoming.take(bytes) {
      case nil: return
      case .workspace(let most): throw Refusal.storageQuota(most, plan: plan.name)
      default: throw Refusal.storageFull
      }
    }
  }
}
