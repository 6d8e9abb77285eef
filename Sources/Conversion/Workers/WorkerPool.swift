package import Basics
import Glibc
import Synchronization

/// Runs conversions in sandboxed child processes, as many at once as it has workers.
///
/// The server never looks into a customer's files: it passes their descriptors and checks what comes back.
package final class WorkerPool: Sendable {
  private struct State {
    var free: [WorkerSlot]
    var isClosed = false
  }

  private let slots: [WorkerSlot]
  private let state: Mutex<State>
  /// Rings once for every free slot.
  private let bell = Doorbell()
  private let limits: ConversionLimits
  /// How many threads one conversion may have.
  private let threads: Int

  /// Starts the worker processes, each `executable worker`; one that cannot be started is tried again with its next job.
  package init(
    executable: String, workers: Int, threads: Int = 1, limits: ConversionLimits = ConversionLimits(),
    masked: Set<SandboxLayer> = [], log: Log
  ) {
    self.limits = limits
    self.threads = threads
    let settings = WorkerSettings(limits: limits, masked: masked)
    slots = (0..<max(1, workers)).map { _ in WorkerSlot(executable: executable, settings: settings, log: log) }
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

  /// Converts in a child process; blocks until it is done, failed, canceled or out of time.
  ///
  /// The files stay the caller's. A conversion that is not joint has one source.
  /// A wide conversion has a second thread, where the pool allows it and the work can use one: for a large picture while
  /// the machine has nothing else to do. `isCanceled` is asked when the child has its job and ten times a second from then on, on the calling thread.
  package func convert(
    _ conversion: Conversion, files: ConversionFiles, timeLimit: Duration, isWide: Bool = false,
    progress: (Int) -> Void = { _ in }, isCanceled: () -> Bool = { false }
  ) throws(ConversionFailure) -> ConversionOutcome {
    let problem = conversion.problem(sources: files.sources.count, hasOverlay: files.overlay != nil)
    if let problem { throw ConversionFailure(.unsupportedConversion, problem.text) }
    let slot = try take(isCanceled)
    defer { giveBack(slot) }
    let (report, usage) = try slot.run(
      .convert(conversion, hasOverlay: files.overlay != nil), descriptors: files.descriptors, timeLimit: timeLimit,
      isWide: isWide && threads > 1 && conversion.writesPicture, progress: progress,
      isCanceled: { isCanceled() || isClosed })
    switch report {
    case .done(var outcome):
      try check(outcome, files.output)
      outcome.usage = usage
      return outcome
    case .failed(let failure): throw failure
    default: throw ConversionFailure(.converterDied, "the converter broke its protocol")
    }
  }

  /// Tries in a child what the sandbox should refuse; in a wide one on both of its threads.
  package func probe(isWide: Bool = false) throws(ConversionFailure) -> SandboxProbe {
    let slot = try take { false }
    defer { giveBack(slot) }
    let (report, _) = try slot.run(
      .probe, descriptors: [], timeLimit: .seconds(10), isWide: isWide && threads > 1, progress: { _ in },
      isCanceled: { isClosed })
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
    guard bell.wait(timeout: .zero) else { return !isClosed }
    guard let slot = state.withLock({ $0.isClosed ? nil : $0.free.removeFirst() }) else { return false }
    defer { giveBack(slot) }
    return slot.revive()
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

  private func take(_ isCanceled: () -> Bool) throws(ConversionFailure) -> WorkerSlot {
    while !isClosed {
      if bell.wait(timeout: .milliseconds(100)) {
        let slot = state.withLock { $0.isClosed ? nil : $0.free.removeFirst() }
        if let slot { return slot }
      }
      if isCanceled() { break }
    }
    throw .canceled
  }

  private func giveBack(_ slot: WorkerSlot) {
    let isClosed = state.withLock { state in
      state.free.append(slot)
      return state.isClosed
    }
    if isClosed { returned.ring() } else { bell.ring() }
  }

  /// What the child says of the output is believed only as far as it fits the file.
  private func check(_ outcome: ConversionOutcome, _ output: Int32) throws(ConversionFailure) {
    var facts = stat()
    guard fstat(output, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, Int64(facts.st_size) == outcome.size,
      outcome.size <= limits.maxOutputBytes, outcome.width ?? 0 <= limits.maxSide,
      outcome.height ?? 0 <= limits.maxSide
    else { throw ConversionFailure(.converterDied, "the converter's result does not fit its output") }
  }
}
