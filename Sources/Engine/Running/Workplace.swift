import Basics
import Glibc
import Storage

/// The files that one attempt writes in the spool, gone when it is over; one thread has it.
final class Workplace {
  /// What the attempt may write.
  let room: AttemptRoom
  private let prefix: String
  /// What is there and has not been moved into place.
  private var paths: Set<String> = []

  init(store: Store, claim: Claim, room: AttemptRoom) {
    self.room = room
    prefix = "\(store.directory.spoolPath)/job-\(claim.jobID)-\(claim.attempt)"
  }

  /// A new empty file for an output; the caller closes the descriptor.
  func makeOutput(_ index: Int) throws(SystemFailure) -> (path: String, descriptor: Int32) {
    let path = "\(prefix)-\(index)"
    let descriptor = try check("open", path) { open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600) }
    paths.insert(path)
    return (path, descriptor)
  }

  /// Puts outputs where they stay, and gives their names there.
  func place(_ outputs: [String], _ blobs: Blobs) throws -> [String] {
    let placed = try blobs.place(outputs)
    paths.subtract(outputs)
    return placed
  }

  /// Removes what is left.
  func clear() {
    for path in paths { unlink(path) }
    paths = []
    room.clear()
  }
}
