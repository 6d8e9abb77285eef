package import Basics
package import Storage
import Synchronization

/// How long jobs have waited and run since the start, and how they ended, by conversion.
package final class JobMeasures: Sendable {
  package struct Figures: Sendable {
    /// From submission to the attempt that ended it.
    package var waits = Histogram([0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800])
    /// That attempt itself.
    package var runs = Histogram([0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300])
    package var ends: [JobStatus: Int64] = [:]
  }

  private struct State {
    var figures: [String: Figures] = [:]
    var workerDeaths: Int64 = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// By conversion, such as "png-jpg".
  package var figures: [String: Figures] { state.withLock { $0.figures } }
  /// Converters that died or were ended, whatever then became of their jobs.
  package var workerDeaths: Int64 { state.withLock { $0.workerDeaths } }

  /// Counts the end of a job.
  func count(_ job: Job, _ end: JobStatus, waited: Duration, run: Duration) {
    state.withLock { state in
      var figures = state.figures["\(job.sourceFormat)-\(job.targetFormat)"] ?? Figures()
      figures.waits.add(max(.zero, waited))
      figures.runs.add(run)
      figures.ends[end, default: 0] += 1
      state.figures["\(job.sourceFormat)-\(job.targetFormat)"] = figures
    }
  }

  func countWorkerDeath() {
    state.withLock { $0.workerDeaths += 1 }
  }
}
