import Basics
import Engine
import Synchronization

/// The thread on which backups are made by themselves.
final class BackupThread: Sendable {
  private let keeper: BackupKeeper
  private let thread = Mutex<ServiceThread?>(nil)

  init(_ keeper: BackupKeeper) {
    self.keeper = keeper
  }

  func start() throws(SystemFailure) {
    let started = try ServiceThread(trying: "backups") { [keeper] in keeper.serve() }
    thread.withLock { $0 = started }
  }

  /// Leaves what is under way, and waits for that.
  func stop() {
    keeper.stop()
    thread.withLock { $0 }?.join()
  }
}
