import Basics

/// Removes what is still at its path in the spool when nobody needs it any more.
final class SpoolGuard: SpoolKeeper {
  private let path: String
  private let spool: Spool

  init(path: String, spool: Spool) {
    self.path = path
    self.spool = spool
  }

  deinit { spool.remove(path) }

  /// Nobody counts what the server itself has put there.
  func handOver() {}
}
