import CSystem
import Formats
import Synchronization

/// A child costs more than the conversion of a small picture: its fork, the pages it touches for the first time, its
/// sandbox and its end. So it may do some more jobs, all of one owner.
extension WorkerSlot {
  /// A child that took longer for all its jobs than this many microseconds of processor time is not kept: the time for
  /// another one no longer matters, and its own limit would come nearer.
  private static let mostProcessorTime: Int64 = 500_000

  /// Keeps a child that has done its job for another one of its owner.
  func keep(_ child: Child, _ zygote: ZygoteProcess, _ owner: Int64?) {
    guard let owner, (0...WorkerSlot.mostProcessorTime).contains(csystem_processor_time(child.process)) else {
      return end(child, zygote)
    }
    var child = child
    child.jobs += 1
    state.withLock { $0.kept = (child, owner) }
  }

  /// The child that was kept for this owner; one that was kept for another, or may write more than this job, ends.
  func takeKept(_ owner: Int64?, mostBytes: Int64) -> Child? {
    guard let kept = state.withLock(\.kept) else { return nil }
    guard kept.owner == owner, kept.child.mostBytes <= mostBytes else {
      endKept()
      return nil
    }
    state.withLock { $0.kept = nil }
    return kept.child
  }

  /// True when a child waits for another job of this owner, and may write no more than the job.
  func hasKept(for owner: Int64, mostBytes: Int64) -> Bool {
    state.withLock { state in
      state.kept.map { $0.owner == owner && $0.child.mostBytes <= mostBytes } ?? false
    }
  }

  /// Ends the child that was kept; for whoever has the slot.
  func endKept() {
    let (zygote, kept) = state.withLock { state in
      defer { state.kept = nil }
      return (state.zygote, state.kept)
    }
    if let zygote, let kept { end(kept.child, zygote) }
  }

  /// Kills a child whose work is done, without waiting for its end: it has no file of any other job.
  private func end(_ child: Child, _ zygote: ZygoteProcess) {
    if (try? zygote.control.send(ZygoteRequest.kill(child.process).json)) == nil {
      discard("it does not take requests")
    }
  }
}
