import Basics
import Glibc
import Synchronization

/// Files that are put on disk beside each other, so that one commit of the file system's journal is enough for many.
///
/// One after the other, 500 small files take 500 commits, and whoever else syncs a file meanwhile waits among them.
final class SharedSync: Sendable {
  /// Threads beside the caller's, for a journal takes in all that wait for it at once.
  private static let mostThreads = 15
  /// So few are synced before a thread would have started.
  private static let few = 2

  private struct Progress {
    var next = 0
    var failure: SystemFailure?
  }

  private let paths: [String]
  private let gate: SyncGate?
  private let mayBeGone: Bool
  private let progress = Mutex(Progress())

  private init(_ paths: [String], _ gate: SyncGate?, mayBeGone: Bool) {
    self.paths = paths
    self.gate = gate
    self.mayBeGone = mayBeGone
  }

  /// Syncs all of them, and throws a failure, that of a sync before others; what has begun has ended then.
  ///
  /// With `mayBeGone` one that is not there is passed over.
  static func sync(_ paths: [String], through gate: SyncGate? = nil, mayBeGone: Bool = false) throws(SystemFailure) {
    let sync = SharedSync(paths, gate, mayBeGone: mayBeGone)
    var threads: [ServiceThread] = []
    for _ in 0..<min(mostThreads, max(0, paths.count - few)) {
      // Where no thread can be had, the others do its part.
      guard let thread = try? ServiceThread(trying: "sync", { sync.work() }) else { break }
      threads.append(thread)
    }
    sync.work()
    for thread in threads { thread.join() }
    if let failure = sync.progress.withLock(\.failure) { throw failure }
  }

  private func work() {
    while let path = take() {
      do throws(SystemFailure) {
        try FileBytes.sync(path, through: gate)
      } catch {
        if mayBeGone, error.code == ENOENT { continue }
        // A failed sync is told to one caller once, so that it counts more than a file that could not be opened.
        progress.withLock { if $0.failure == nil || error.call == "fsync" { $0.failure = error } }
      }
    }
  }

  private func take() -> String? {
    progress.withLock { progress in
      guard progress.failure == nil, progress.next < paths.count else { return nil }
      defer { progress.next += 1 }
      return paths[progress.next]
    }
  }
}
