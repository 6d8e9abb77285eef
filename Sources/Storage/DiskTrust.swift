import Basics
import Synchronization

/// Whether what was written can still be believed to be on disk; once lost, it is lost until the next start.
///
/// After a failed sync the kernel may have dropped the pages and reports success the next time, so trying again would
/// promise what is not there (the reason why PostgreSQL stops then, too).
final class DiskTrust: Sendable {
  private let loss = Mutex<String?>(nil)
  private let log: Log

  init(log: Log) {
    self.log = log
  }

  /// Why nothing is written any more, or nil.
  var failure: StoreFailure? { loss.withLock { $0.map(StoreFailure.stoppedWriting) } }

  /// Ends all writing and logs why, the first time; gives the failure for whoever asked to write.
  @discardableResult
  func lose(_ reason: String) -> StoreFailure {
    let isFirst = loss.withLock { loss in
      defer { loss = loss ?? reason }
      return loss == nil
    }
    if isFirst {
      log.error(
        "nothing is written any more: what was written last may not be on disk; check the disk, then start again",
        ["reason": reason])
    }
    return .stoppedWriting(reason: reason)
  }
}
