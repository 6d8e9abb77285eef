import Formats

/// The process ids of one worker.
package struct WorkerStatus: Sendable, Equatable {
  package let zygote: Int32
  /// The child that waits for the next job.
  package let ready: Int32?
  /// The child that has a job.
  package let busy: Int32?
  /// The child that has had jobs, and waits for another of the same owner.
  package let kept: Int32?
}
