import Basics
import Engine
import Storage

/// Looks how the backups did that the server makes by itself.
struct ScheduledBackupCheck: Sendable {
  /// Nil where none are made.
  let plan: BackupPlan?
  let store: Store
  let clock: Clock

  func findings() -> [Finding] {
    guard let plan else { return [] }
    do {
      let made = try store.read { try Backups.all(in: $0) }
      let now = clock.now()
      if let problem = plan.problem(made, now: now) { return [Finding(.broken, "backups", problem)] }
      let last =
        made.first.map { "the last one is of \($0.startedAt), \($0.bytes) bytes" } ?? "the first one is due now"
      return [Finding(.ok, "backups", "to \(plan.place); \(last)")]
    } catch {
      return [Finding(.broken, "backups", "\(error)")]
    }
  }
}
