import Basics
import Conversion
import Formats
import Storage
import Synchronization

/// Who may have a thread of the runner next: workspaces take turns by file, and none ever holds all threads.
///
/// A job with several files may be put down between two of them, so that one with many large files keeps nobody waiting
/// for longer than one file takes. There is a thread more than one workspace may hold, so whoever comes finds it free.
final class Turns: Sendable {
  private struct State {
    /// Threads at work, by workspace.
    var held: [Int64: Int] = [:]
    /// Threads that are choosing what comes next, by the workspace that each still holds; 0 for those that hold none.
    var choosing: [Int64: Int] = [:]
    /// Jobs between two of their files, the one that has rested longest first.
    var resting: [Int64: [OpenJob]] = [:]
    var last: Int64 = 0
    /// The threads that one workspace may hold.
    var most: Int
  }

  let lane: Lane
  private let clock: Clock
  private let state: Mutex<State>

  init(most: Int, lane: Lane = .quick, clock: Clock) {
    self.lane = lane
    self.clock = clock
    state = Mutex(State(most: most))
  }

  /// The threads that one workspace may hold.
  var most: Int { state.withLock(\.most) }

  /// One workspace may hold so many from now on.
  func allow(_ most: Int) { state.withLock { $0.most = most } }

  /// What one thread that is choosing may take.
  struct Choice: Sendable {
    var lane = Lane.quick
    /// The workspace that was served last; turns go on behind it.
    let last: Int64
    /// Workspaces that hold as many threads as they may.
    let full: Set<Int64>
    /// The workspace whose resting job comes next, if one rests.
    let resting: Int64?
    /// True when small jobs of that workspace may go before the resting one.
    var yieldsToSmall = false
  }

  /// Begins to choose for a thread that holds `workspace`, or none; every call is followed by `end`.
  ///
  /// Others that choose at the same time count as if they took the same workspace, so two never pass the limit together.
  func begin(holding workspace: Int64?) -> Choice {
    state.withLock { state in
      let others = state.choosing
      state.choosing[workspace ?? 0, default: 0] += 1
      var full: Set<Int64> = []
      for (id, count) in state.held {
        let strangers = others.reduce(0) { $0 + ($1.key == id ? 0 : $1.value) }
        if count - (id == workspace ? 1 : 0) + strangers >= state.most { full.insert(id) }
      }
      let resting = next(after: state.last, state.resting, full)
      let first = resting.flatMap { state.resting[$0]?.first }
      return Choice(
        lane: lane, last: state.last, full: full, resting: resting,
        yieldsToSmall: first?.yieldsToSmall(at: clock.monotonic()) ?? false)
    }
  }

  /// Ends a choice: the thread lets go of what it held and holds the workspace that was chosen, or none.
  func end(holding workspace: Int64?, chosen: Int64?) {
    state.withLock { state in
      count(-1, &state.choosing, workspace ?? 0)
      if let workspace { count(-1, &state.held, workspace) }
      if let chosen {
        count(1, &state.held, chosen)
        state.last = chosen
      }
    }
  }

  /// Ends a choice that failed: the thread goes on holding what it held.
  func stay(holding workspace: Int64) {
    state.withLock { count(-1, &$0.choosing, workspace) }
  }

  /// A thread has ended its work for a workspace without choosing what comes next.
  func letGo(of workspace: Int64) {
    state.withLock { count(-1, &$0.held, workspace) }
  }

  /// Puts a job down between two of its files.
  func rest(_ job: OpenJob) {
    state.withLock { $0.resting[job.workspace, default: []].append(job) }
  }

  /// The resting job of a workspace whose turn it is; nil when another thread was quicker.
  func resume(_ workspace: Int64) -> OpenJob? {
    state.withLock { state in
      guard var jobs = state.resting[workspace], !jobs.isEmpty else { return nil }
      let job = jobs.removeFirst()
      state.resting[workspace] = jobs.isEmpty ? nil : jobs
      return job
    }
  }

  /// Takes every resting job, for a stop.
  func takeResting() -> [OpenJob] {
    state.withLock { state in
      defer { state.resting = [:] }
      return state.resting.values.flatMap { $0 }
    }
  }

  /// True when a workspace holds more than one thread.
  func hasSeveral(_ workspace: Int64) -> Bool { state.withLock { ($0.held[workspace] ?? 0) > 1 } }

  /// True when a resting job of another workspace waits for its turn.
  func hasOther(than workspace: Int64) -> Bool {
    state.withLock { $0.resting.keys.contains { $0 != workspace } }
  }

  private func next(after last: Int64, _ resting: [Int64: [OpenJob]], _ full: Set<Int64>) -> Int64? {
    resting.keys.filter { !full.contains($0) }.min { Turns.isBefore($0, $1, after: last) }
  }

  /// True when workspace `left` has its turn before `right`, counting on from the one served last.
  static func isBefore(_ left: Int64, _ right: Int64, after last: Int64) -> Bool {
    (left <= last ? 1 : 0, left) < (right <= last ? 1 : 0, right)
  }

  private func count(_ change: Int, _ counts: inout [Int64: Int], _ key: Int64) {
    let value = (counts[key] ?? 0) + change
    counts[key] = value > 0 ? value : nil
  }
}
