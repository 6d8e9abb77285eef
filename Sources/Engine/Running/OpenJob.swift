import Basics
import Storage

/// A job that this process has taken and not ended: its work so far, and how long it has run.
///
/// `@unchecked Sendable`: one thread of the runner has it at a time, and `Turns` hands it from one to the next.
final class OpenJob: @unchecked Sendable {
  let taken: TakenJob
  let work: JobWork
  let workplace: Workplace
  /// How long it waited before this attempt.
  let waited: Duration
  private let clock: Clock
  /// Nanoseconds at work until it was last put down.
  private var worked: Int64 = 0
  private var begun: Int64
  private var restsSince: Int64 = 0

  var claim: Claim { taken.claim }
  var job: Job { taken.job }
  var workspace: Int64 { taken.job.workspaceID }

  init(_ taken: TakenJob, _ work: JobWork, _ workplace: Workplace, waited: Duration, clock: Clock) {
    self.taken = taken
    self.work = work
    self.workplace = workplace
    self.waited = waited
    self.clock = clock
    begun = clock.monotonic()
  }

  /// How long it has been at work; the time between turns is not counted.
  var elapsed: Duration { .nanoseconds(worked + clock.monotonic() - begun) }

  /// It is put down between two files.
  func putDown() {
    restsSince = clock.monotonic()
    worked += restsSince - begun
  }

  /// True when it has much to do: small jobs of its workspace go before its next file.
  var isLarge: Bool { taken.inputs.reduce(0) { $0 + ($1.size ?? 0) } >= Queue.smallBytes }

  /// The same while it rests, for as long as its patience lasts.
  func yieldsToSmall(at now: Int64) -> Bool { isLarge && now - restsSince < Queue.patience.nanoseconds }

  /// A thread goes on with it; the time that it rested is added to what it may take.
  func takeUp() {
    begun = clock.monotonic()
    work.mayRun(for: .nanoseconds(-worked))
  }
}
