import Basics
import Glibc
import Storage

/// The files that one attempt writes in the spool, gone when it is over.
struct Workplace {
  private let prefix: String

  init(store: Store, claim: Claim) {
    prefix = "\(store.directory.spoolPath)/job-\(claim.jobID)-\(claim.attempt)"
  }

  /// A new empty file for an output; the caller closes the descriptor.
  func makeOutput(_ index: Int) throws(SystemFailure) -> (path: String, descriptor: Int32) {
    let path = "\(prefix)-\(index)"
    unlink(path)
    let descriptor = try check("open", path) { open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
    return (path, descriptor)
  }

  /// Removes what was not moved into place, of the first `count` outputs.
  func clear(_ count: Int) {
    for index in 0..<count { unlink("\(prefix)-\(index)") }
  }
}
