package import Basics
package import Formats
import Glibc
import Pictures
import Synchronization

/// Runs conversions in sandboxed child processes, as many at once as it has workers.
///
/// The server never looks into a customer's files: it passes their descriptors and checks what comes back.
package final class WorkerPool: Sendable {
  private struct State {
    var free: [WorkerSlot]
    var isClosed = false
  }

  /// The longest time for a job in a child that has done others.
  private static let mostKeptTime = Duration.seconds(5)

  private let slots: [WorkerSlot]
  private let state: Mutex<State>
  /// Rings once for every free slot.
  private let bell = Doorbell()
  private let limits: ConversionLimits
  /// How many threads one conversion may have.
  private let threads: Int
  private let isPatient: Bool

  /// Starts the worker processes, each the program with the word `worker`; one that cannot be started is tried again with
  /// its next job.
  ///
  /// A patient pool has a job wait while the system gives no process, for as long as the job may take; others give up after
  /// three tries. A child does at most `jobsPerChild` jobs, all of one owner; with one of them each job has a child of its own.
  /// Workers that rehearse are ready later, and each of their jobs is done sooner.
  package init(
    program: ProgramFile, workers: Int, threads: Int = 1, limits: ConversionLimits = ConversionLimits(),
    masked: Set<SandboxLayer> = [], jobsPerChild: Int = 1, isPatient: Bool = false, rehearses: Bool = true, log: Log
  ) {
    self.isPatient = isPatient
    self.limits = limits
    self.threads = threads
    let settings = WorkerSettings(limits: limits, masked: masked, rehearses: rehearses)
    slots = (0..<max(1, workers)).map { _ in
      WorkerSlot(program: program, settings: settings, jobsPerChild: jobsPerChild, log: log)
    }
    state = Mutex(State(free: slots))
    bell.ring(times: slots.count)
    for slot in slots {
      do {
        _ = try slot.start()
      } catch {
        log.error("no worker process", ["reason": "\(error)"])
      }
    }
  }

  /// The same with the program that has this path now.
  package convenience init(
    executable: String, workers: Int, threads: Int = 1, limits: ConversionLimits = ConversionLimits(),
    masked: Set<SandboxLayer> = [], jobsPerChild: Int = 1, isPatient: Bool = false, log: Log
  ) {
    self.init(
      program: ProgramFile(executable), workers: workers, threads: threads, limits: limits, masked: masked,
      jobsPerChild: jobsPerChild, isPatient: isPatient, log: log)
  }

  /// Converts in a child process; blocks until it is done, failed, canceled or out of time.
  ///
  /// The files stay the caller's. A conversion that is not joint has one source.
  /// With an `owner` the child may have had files of the same owner before, and may get more; without, it has only these.
  /// The output may have `mostBytes`, or less where the pool allows less; the child cannot write more.
  /// A wide conversion has a second thread, where the pool allows it and the work can use one: for a large picture while
  /// the machine has nothing else to do. One that yields gets what processor time others leave. `isCanceled` is asked when the child has its job and ten times a second from then
  /// on, on the calling thread.
  package func convert(
    _ conversion: Conversion, files: ConversionFiles, owner: Int64? = nil, timeLimit: Duration, mostBytes: Int64 = .max,
    isWide: Bool = false, yields: Bool = false, progress: (Int) -> Void = { _ in },
    isCanceled: () -> Bool = { false }
  ) throws(ConversionFailure) -> ConversionOutcome {
    let problem = Catalogue.standard.problem(
      conversion, sources: files.sources.count, hasOverlay: files.overlay != nil)
    if let problem { throw ConversionFailure(.unsupportedConversion, problem.text) }
    let mostBytes = min(mostBytes, limits.maxOutputBytes)
    let slot = try take(owner, mostBytes: mostBytes, isCanceled)
    defer { giveBack(slot) }
    let job = WorkerJob(
      request: { .convert(conversion, hasOverlay: files.overlay != nil, mostBytes: mostBytes, stays: $0) },
      descriptors: files.descriptors, mostBytes: mostBytes, owner: owner,
      isWide: isWide && threads > 1 && conversion.writesPicture, yields: yields,
      isPatient: isPatient)
    return try run(job, on: slot, files.output, timeLimit, progress, { isCanceled() || isClosed })
  }

  /// A child that was kept may have been spoilt by an earlier file, so what fails in one is tried in another.
  private func run(
    _ job: WorkerJob, on slot: WorkerSlot, _ output: Int32, _ timeLimit: Duration, _ progress: (Int) -> Void,
    _ isCanceled: () -> Bool
  ) throws(ConversionFailure) -> ConversionOutcome {
    var job = job
    var left = timeLimit
    if let owner = job.owner, slot.hasKept(for: owner, mostBytes: job.mostBytes) {
      let start = Clock.readMonotonic()
      do {
        let share = min(timeLimit / 4, WorkerPool.mostKeptTime)
        return try attempt(job, on: slot, output, share, progress, isCanceled)
      } catch {
        if error.code == .canceled { throw error }
      }
      job.owner = nil
      left -= .nanoseconds(Clock.readMonotonic() - start)
    }
    return try attempt(job, on: slot, output, left, progress, isCanceled)
  }

  private func attempt(
    _ job: WorkerJob, on slot: WorkerSlot, _ output: Int32, _ timeLimit: Duration, _ progress: (Int) -> Void,
    _ isCanceled: () -> Bool
  ) throws(ConversionFailure) -> ConversionOutcome {
    let (report, usage) = try slot.run(job, timeLimit: timeLimit, progress: progress, isCanceled: isCanceled)
    switch report {
    case .done(var outcome):
      do {
        try check(outcome, output, mostBytes: job.mostBytes)
      } catch {
        slot.endKept()
        throw error
      }
      outcome.usage = usage
      return outcome
    case .failed(let failure): throw failure
    default: throw ConversionFailure(.converterDied, "the converter broke its protocol")
    }
  }

  /// Tries in a child what the sandbox should refuse; in a wide one on both of its threads.
  package func probe(isWide: Bool = false) throws(ConversionFailure) -> SandboxProbe {
    let slot = try take(nil) { false }
    defer { giveBack(slot) }
    let (report, _) = try slot.run(
      .probe(isWide: isWide && threads > 1), timeLimit: .seconds(10), progress: { _ in }, isCanceled: { isClosed })
    guard case .probed(let probe) = report else {
      throw ConversionFailure(.converterDied, "the converter broke its protocol")
    }
    return probe
  }

  /// The layers of the sandbox that hold on this machine; asks a child when none has told yet, and is empty without any.
  package var sandboxLevel: [SandboxLayer] {
    for slot in slots { if let layers = slot.layers { return layers } }
    return (try? probe())?.layers ?? []
  }

  /// The process ids of every worker that runs.
  package var status: [WorkerStatus] { slots.compactMap(\.status) }

  /// True when a conversion can run: all workers are at work, or a free one has its process or can be given one.
  ///
  /// A process that has died while nobody needed it is replaced.
  package var canWork: Bool {
    guard let slot = takeIdle() else { return !isClosed }
    defer { giveBack(slot) }
    return slot.revive()
  }

  /// Ends the children that wait for another job of their owner; for whoever finds that there is none.
  package func endKept() {
    // With the slots in hand and not under the lock: a worker that does not take requests is waited for to its end.
    var idle: [WorkerSlot] = []
    while let slot = takeIdle() { idle.append(slot) }
    for slot in idle {
      slot.endKept()
      giveBack(slot)
    }
  }

  /// Cancels what runs, ends all processes and waits for their ends.
  package func close() {
    let isFirst = state.withLock { state in
      defer { state.isClosed = true }
      return !state.isClosed
    }
    guard isFirst else { return }
    bell.close()
    while state.withLock({ $0.free.count < slots.count }) { _ = returned.wait() }
    for slot in slots { slot.end() }
  }

  /// Rings when a slot comes back to a closed pool.
  private let returned = Doorbell()

  private var isClosed: Bool { state.withLock(\.isClosed) }

  /// A free slot, one that has a child for this owner before any other.
  private func take(_ owner: Int64?, mostBytes: Int64 = .max, _ isCanceled: () -> Bool) throws(ConversionFailure)
    -> WorkerSlot
  {
    while !isClosed {
      if bell.wait(timeout: .milliseconds(100)) {
        let slot: WorkerSlot? = state.withLock { state in
          guard !state.isClosed else { return nil }
          let fitting = owner.flatMap { owner in state.free.firstIndex { $0.hasKept(for: owner, mostBytes: mostBytes) }
          }
          return state.free.remove(at: fitting ?? 0)
        }
        if let slot { return slot }
      }
      if isCanceled() { break }
    }
    throw .canceled
  }

  /// One that is free now, which goes back with `giveBack`; nil when none is, or the pool is closed.
  private func takeIdle() -> WorkerSlot? {
    guard bell.wait(timeout: .zero) else { return nil }
    return state.withLock { $0.isClosed ? nil : $0.free.removeFirst() }
  }

  private func giveBack(_ slot: WorkerSlot) {
    let isClosed = state.withLock { state in
      state.free.append(slot)
      return state.isClosed
    }
    if isClosed { returned.ring() } else { bell.ring() }
  }

  /// What the child says of the output is believed only as far as it fits the file.
  private func check(
    _ outcome: ConversionOutcome, _ output: Int32, mostBytes: Int64
  ) throws(ConversionFailure) {
    var facts = stat()
    guard fstat(output, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, Int64(facts.st_size) == outcome.size,
      outcome.size <= mostBytes, outcome.width ?? 0 <= limits.maxSide,
      outcome.height ?? 0 <= limits.maxSide
    else { throw ConversionFailure(.converterDied, "the converter's result does not fit its output") }
  }
}
