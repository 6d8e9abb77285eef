import Basics
import Glibc
import Storage

/// Ends the following of a directory, whoever does it.
enum StandbyEnd {
  /// How long whoever follows may take to end, in steps of 50 ms.
  private static let steps = 1200

  /// Ends the process that follows, if there is one, and promotes what it holds.
  ///
  /// Throws `StandbyFailure`, and `StoreFailure.inUse` when that process does not end.
  static func promote(_ data: String, lacking: Bool) throws -> StandbyRecord {
    for step in 0..<steps {
      do { return try Promotion.run(data, lacking: lacking) } catch let failure as StoreFailure {
        // Whoever has the lock of a directory that follows is the one that does it.
        guard case .inUse(_, let owner) = failure, let process = pid_t(owner), process > 1 else { throw failure }
        if step == 0 { kill(process, SIGTERM) }
        usleep(50_000)
      }
    }
    return try Promotion.run(data, lacking: lacking)
  }
}
