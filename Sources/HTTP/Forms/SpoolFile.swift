import Basics
import Glibc
import Synchronization

/// An uploaded file on disk; whatever is still at its path when nobody needs it any more is removed.
package final class SpoolFile: SpoolKeeper {
  /// Asked before so many more bytes go into the spool; throws what the client is told.
  package typealias Room = @Sendable (Int64) throws -> Void

  /// The form field that brought it.
  package let fieldName: String
  /// The client's name for it: a label, never a path.
  package let fileName: String
  package let contentType: String?
  package let path: String
  /// Bytes.
  package let size: Int64
  /// Kept as long as the file, or until it is counted elsewhere, so that whoever counts knows when it is gone; nil once it
  /// has moved away.
  private let hold: Mutex<Hold?>
  private let spool: Spool

  init(part: MultipartPart, path: String, size: Int64, room: Room?, spool: Spool) {
    hold = Mutex(Hold(room: room))
    self.spool = spool
    fieldName = part.name
    fileName = part.fileName ?? ""
    contentType = part.contentType
    self.path = path
    self.size = size
  }

  deinit {
    if hold.withLock({ $0 != nil }) { spool.remove(path) } else { spool.leave(path) }
  }

  package func handOver() {
    _ = hold.withLock { hold in
      defer { hold = nil }
      return hold
    }
  }

  private struct Hold {
    let room: Room?
  }
}
