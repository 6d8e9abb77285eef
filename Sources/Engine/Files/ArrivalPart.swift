import Basics
import Glibc
package import Storage
import Synchronization

/// Bytes of an arrival that one request brings; whoever wrote some calls `FileStore.record`.
package final class ArrivalPart: Sendable {
  package let arrival: Arrival
  let descriptor: Int32
  let blob: String
  private let turn: ArrivalTurn
  private let room: IncomingRoom
  private let place: Mutex<Int64>

  init(
    _ arrival: Arrival, _ offset: Int64, _ descriptor: Int32, _ blob: String, _ turn: ArrivalTurn, room: IncomingRoom
  ) {
    self.arrival = arrival
    self.descriptor = descriptor
    self.blob = blob
    self.turn = turn
    self.room = room
    place = Mutex(offset)
  }

  deinit { close(descriptor) }

  /// How far the file reaches with it.
  package var end: Int64 { place.withLock(\.self) }

  /// Goes to the page cache on the calling thread; throws a `Refusal` for more than the file may have, and
  /// `SystemFailure` when the disk is full.
  package func write(_ bytes: [UInt8]) throws {
    let start = end
    guard start + Int64(bytes.count) <= arrival.size else {
      throw Refusal.uploadIsTooLong(arrival.size)
    }
    switch try room.take(Int64(bytes.count)) {
    case nil: break
    case .workspace(let most): throw Refusal.storageQuota(most)
    default: throw Refusal.storageFull
    }
    var written = 0
    while written < bytes.count {
      written += try check("write", blob) {
        bytes.withUnsafeBytes { bytes in
          pwrite(
            descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written, off_t(start + Int64(written)))
        }
      }
    }
    place.withLock { $0 = start + Int64(written) }
  }
}
