import Glibc
import Synchronization

/// A place where a debug build can be told to die, so that a test meets the moment between two steps.
///
/// `TEST_FAILPOINT=after-commit:3` kills the process with SIGKILL when it passes that place for the third time.
package enum Failpoint: String, Sendable {
  /// A migration's statements have run and are not committed.
  case beforeMigration = "before-migration"
  /// A group of writes is on disk and no caller knows.
  case afterCommit = "after-commit"
  /// A job is on disk and its client does not know.
  case beforeAnswer = "before-answer"
  /// The jobs of an earlier run wait again, which is not committed.
  case duringRecovery = "during-recovery"
  /// The files of a job are in place and no row names them.
  case afterPlacement = "after-placement"

  /// A part of an upload is on disk and no row says so.
  case afterPart = "after-part"

  /// All files of a stand-by's next generation are in place, and its database is not.
  case beforeGeneration = "before-generation"
  /// A stand-by's next generation is in force, and its record does not say so.
  case afterGeneration = "after-generation"

  #if DEBUG
    private static let wish: (name: String, count: Int)? = {
      guard let text = getenv("TEST_FAILPOINT").map({ String(cString: $0) }) else { return nil }
      let parts = text.split(separator: ":")
      return (String(parts.first ?? ""), parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    }()
    private static let passed = Mutex(0)

    /// Dies here when the environment says so; without effect in a release build.
    package static func pass(_ point: Failpoint) {
      guard let wish, wish.name == point.rawValue else { return }
      let isNow = passed.withLock { passed in
        passed += 1
        return passed == wish.count
      }
      if isNow { kill(getpid(), SIGKILL) }
    }
  #else
    @inlinable package static func pass(_ point: Failpoint) {}
  #endif
}
