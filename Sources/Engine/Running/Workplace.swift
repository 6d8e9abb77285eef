import Basics
import Glibc
import Storage

/// The files that one attempt writes in the spool, gone when it is over; one thread has it.
final class Workplace {
  /// What the attempt may write.
  let room: AttemptRoom
  private let spool: Spool
  private let prefix: String
  /// What was made here; some of it may have been moved into place.
  private var paths: Set<String> = []

  init(store: Store, claim: Claim, room: AttemptRoom) {
    self.room = room
    spool = store.spool
    prefix = "job-\(claim.jobID)-\(claim.attempt)"
  }

  /// A new empty file for an output; the caller closes the descriptor.
  func makeOutput(_ index: Int) throws -> (path: String, descriptor: Int32) {
    let made = try spool.makeFile("\(prefix)-\(index)", O_RDWR | O_TRUNC)
    paths.insert(made.path)
    return made
  }

  /// Removes an output that only led to another.
  func drop(_ path: String, bytes: Int64) {
    spool.remove(path)
    paths.remove(path)
    room.drop(bytes)
  }

  /// Puts outputs where they stay, and calls `record` with their names there, which counts their bytes as stored: they are
  /// not held any more then, for a job that is taken at once would find them counted twice.
  func place<Value>(_ outputs: [String], _ blobs: Blobs, record: ([String]) throws -> Value) throws -> Value {
    try blobs.place(outputs) { names in
      room.clear()
      for path in outputs {
        spool.leave(path)
        paths.remove(path)
      }
      return try record(names)
    }
  }

  /// Removes what is left.
  func clear() {
    for path in paths { spool.remove(path) }
    paths = []
    room.clear()
  }
}
