import Synchronization

/// The jobs that this process runs, and which of them were canceled, for their runner threads to ask.
final class Cancellations: Sendable {
  private let running = Mutex<[Int64: Bool]>([:])

  func begin(_ job: Int64) {
    running.withLock { $0[job] = false }
  }

  func end(_ job: Int64) {
    running.withLock { $0[job] = nil }
  }

  /// Marks a job that runs; without effect on any other.
  func cancel(_ job: Int64) {
    running.withLock { running in
      if running[job] != nil { running[job] = true }
    }
  }

  func isCanceled(_ job: Int64) -> Bool {
    running.withLock { $0[job] ?? false }
  }
}
