import Storage
import Synchronization

/// The attempts at jobs that this process runs, and which of them were canceled, for their runner threads to ask.
///
/// An attempt that was given up may end after the next one has begun, and must not end that one.
final class Cancellations: Sendable {
  private struct Run {
    let attempt: Int
    var isCanceled = false
  }

  private let running = Mutex<[Int64: Run]>([:])

  func begin(_ claim: Claim) {
    running.withLock { $0[claim.jobID] = Run(attempt: claim.attempt) }
  }

  func end(_ claim: Claim) {
    running.withLock { running in
      if running[claim.jobID]?.attempt == claim.attempt { running[claim.jobID] = nil }
    }
  }

  /// Marks a job that runs; without effect on any other.
  func cancel(_ job: Int64) {
    running.withLock { $0[job]?.isCanceled = true }
  }

  /// True when its job was canceled, or belongs to a later attempt.
  func isCanceled(_ claim: Claim) -> Bool {
    running.withLock { running in
      guard let run = running[claim.jobID] else { return false }
      return run.isCanceled || run.attempt != claim.attempt
    }
  }
}
