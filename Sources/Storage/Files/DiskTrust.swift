import Basics
import Synchronization

/// Whether what was written can still be believed to be on disk; once lost, it is lost until the next start.
///
/// After a failed sync the kernel may have dropped the pages and reports success the next time, so trying again would
/// promise what is not there (the reason why PostgreSQL stops then, too).
final class DiskTrust: Sendable {
  private let loss = Mutex<StoreFailure?>(nil)
  private let log: Log

  init(log: Log) {
    self.log = log
  }

  /// Why nothing is written any more, or nil.
  var failure: StoreFailure? { loss.withLock { $0 } }

  /// Ends all writing and logs why, the first time; gives the failure for whoever asked to write.
  @discardableResult
  func lose(_ reason: String) -> StoreFailure {
    lose(
      .stoppedWriting(reason: reason), "what was written last may not be on disk; check the disk, then start again",
      reason)
  }

  /// The same when the files themselves are not where they were.
  func lose(places failure: StoreFailure) -> StoreFailure {
    lose(
      failure,
      "what is written now would be gone with this process; put it back as it was, or restore a backup, then start again",
      "\(failure)")
  }

  private func lose(_ failure: StoreFailure, _ advice: String, _ reason: String) -> StoreFailure {
    let first = loss.withLock { loss in
      defer { loss = loss ?? failure }
      return loss
    }
    if first == nil { log.error("nothing is written any more: \(advice)", ["reason": reason]) }
    return first ?? failure
  }
}
