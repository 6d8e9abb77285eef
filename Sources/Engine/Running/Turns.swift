import Basics
import Conversion
import Formats
import Storage
import Synchronization

/// Who may have a thread of the runner next: workspaces take turns by file, and none ever holds all threads.
///
/// While others are about, one holds no more than there are cores: what every job of theirs passes through, from the
/// upload to the stream of events, waits for a processor behind each conversion that is under way. One with large files leaves
/// them a core while they come after each other.
///
/// A job with several files may be put down between two of them, so that one with many large files keeps nobody waiting
/// for longer than one file takes. One more may be at work than one workspace may hold, so whoever comes finds it free; who
/// only waits for the disk is not at work.
final class Turns: Sendable {
  private struct State {
    /// Threads at work, by workspace.
    var held: [Int64: Int] = [:]
    /// Those of them that work on large files.
    var large: [Int64: Int] = [:]
    /// Threads that bring what was made to the disk, by workspace; they are no longer at work.
    var ending: [Int64: Int] = [:]
    /// The workspace that was served last and the one before it, and when, in nanoseconds of the monotonic clock: for anybody
    /// one of the two is the newest of the others.
    var served: [(workspace: Int64, at: Int64)] = []
    /// Threads that are choosing what comes next.
    var choosing = 0
    /// True when another one had to wait for their choice.
    var isAwaited = false
    /// Jobs between two of their files, the one that has rested longest first.
    var resting: [Int64: [OpenJob]] = [:]
    var last: Int64 = 0
    /// The threads that one workspace may hold.
    var most: Int
  }

  /// How long after a job was taken its workspace counts as being about.
  static let presence = Duration.seconds(10)
  /// How long after it one with large files has a core less.
  static let closeness = Duration.milliseconds(100)

  let lane: Lane
  /// Of the threads that one workspace may hold, those that it has only while nobody else is about.
  private let spare: Int
  private let clock: Clock
  private let state: Mutex<State>

  init(most: Int, spare: Int = 0, lane: Lane = .quick, clock: Clock) {
    self.lane = lane
    self.spare = spare
    self.clock = clock
    state = Mutex(State(most: most))
  }

  /// The threads that one workspace may hold while nobody else is about.
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
    /// True when some of them are so only if others take theirs, which have not chosen yet.
    var isHindered = false
    /// The workspace whose resting job comes next, if one rests.
    let resting: Int64?
    /// True when small jobs of that workspace may go before the resting one.
    var yieldsToSmall = false
  }

  /// Begins to choose for a thread, which `end` follows; nil when as many threads are at work as may be.
  ///
  /// Others that choose at the same time count as if they took the same workspace, whichever that is, so two never pass
  /// the limit together.
  func begin() -> Choice? {
    state.withLock { state in
      let others = state.choosing
      guard others < state.most, state.held.values.reduce(others, +) <= state.most else {
        if others > 0 { state.isAwaited = true }
        return nil
      }
      state.choosing += 1
      let now = clock.monotonic()
      var (full, isHindered) = (Set<Int64>(), false)
      for (workspace, held) in state.held {
        let most = most(for: workspace, state, at: now)
        guard held + others >= most else { continue }
        full.insert(workspace)
        isHindered = isHindered || held < most
      }
      if isHindered { state.isAwaited = true }
      full.formUnion(state.ending.keys.filter { hasEnoughEnding($0, state, at: now) })
      let resting = next(after: state.last, state.resting, full)
      let first = resting.flatMap { state.resting[$0]?.first }
      return Choice(
        lane: lane, last: state.last, full: full, isHindered: isHindered, resting: resting,
        yieldsToSmall: first?.yieldsToSmall(at: now) ?? false)
    }
  }

  /// Ends a choice: the thread holds the workspace that was chosen, or none; true when another thread was kept from its
  /// own by this one and shall look again.
  ///
  /// One that `isHindered` itself and has found nothing leaves that to those that hinder it, unless they have gone.
  @discardableResult
  func end(chosen: Int64?, isLarge: Bool = false, isHindered: Bool = false) -> Bool {
    state.withLock { state in
      state.choosing -= 1
      if isHindered, chosen == nil, state.choosing > 0 { return false }
      let isAwaited = state.isAwaited
      state.isAwaited = false
      guard let chosen else { return isAwaited }
      state.held[chosen, default: 0] += 1
      if isLarge { state.large[chosen, default: 0] += 1 }
      state.last = chosen
      state.served = [(chosen, clock.monotonic())] + state.served.filter { $0.workspace != chosen }.prefix(1)
      return isAwaited
    }
  }

  /// The same of a choice and the job that it came to.
  func end(_ choice: Choice, _ job: OpenJob?) -> Bool {
    end(chosen: job?.workspace, isLarge: job?.isLarge ?? false, isHindered: choice.isHindered)
  }

  /// A thread has done its work for a workspace, but for what waits for the disk where it `isEnding`; then `end(for:)`
  /// follows.
  func letGo(of workspace: Int64, isLarge: Bool = false, isEnding: Bool = false) {
    state.withLock { state in
      Turns.take(one: workspace, from: &state.held)
      if isLarge { Turns.take(one: workspace, from: &state.large) }
      if isEnding { state.ending[workspace, default: 0] += 1 }
    }
  }

  /// What a thread has made for a workspace is on the disk, or will not be.
  func end(for workspace: Int64) {
    state.withLock { Turns.take(one: workspace, from: &$0.ending) }
  }

  private static func take(one workspace: Int64, from counts: inout [Int64: Int]) {
    let left = (counts[workspace] ?? 0) - 1
    counts[workspace] = left > 0 ? left : nil
  }

  /// True when a workspace holds more threads than it may since somebody else came.
  func hasTooMany(_ workspace: Int64) -> Bool {
    state.withLock { state in
      (state.held[workspace] ?? 0) > most(for: workspace, state, at: clock.monotonic())
    }
  }

  private func most(for workspace: Int64, _ state: State, at now: Int64) -> Int {
    guard spare > 0, areOthersAbout(workspace, state, at: now) else { return state.most }
    let leavesCore = isAnotherClose(workspace, state, at: now) && state.large[workspace] != nil
    return max(1, state.most - spare - (leavesCore ? 1 : 0))
  }

  /// True when a workspace has as many ends under way as it may while another one's jobs come after each other, which wait
  /// for the writer behind all of them: as many as that one has jobs under way, and one for each core.
  private func hasEnoughEnding(_ workspace: Int64, _ state: State, at now: Int64) -> Bool {
    guard spare > 0, isAnotherClose(workspace, state, at: now) else { return false }
    let others = Set(state.held.keys).union(state.ending.keys).subtracting([workspace])
    let most = others.map { state.held[$0, default: 0] + state.ending[$0, default: 0] }.max() ?? 0
    return state.ending[workspace, default: 0] >= state.most - spare + most
  }

  private func areOthersAbout(_ workspace: Int64, _ state: State, at now: Int64) -> Bool {
    sinceAnother(workspace, state, at: now) < Turns.presence.nanoseconds
      || state.held.keys.contains { $0 != workspace }
  }

  private func isAnotherClose(_ workspace: Int64, _ state: State, at now: Int64) -> Bool {
    sinceAnother(workspace, state, at: now) < Turns.closeness.nanoseconds
  }

  /// For how long no other workspace has been served, in nanoseconds.
  private func sinceAnother(_ workspace: Int64, _ state: State, at now: Int64) -> Int64 {
    state.served.first { $0.workspace != workspace }.map { now - $0.at } ?? .max
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

  /// True when a workspace has more than one job under way.
  func hasSeveral(_ workspace: Int64) -> Bool {
    state.withLock { $0.held[workspace, default: 0] + $0.ending[workspace, default: 0] > 1 }
  }

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
}
