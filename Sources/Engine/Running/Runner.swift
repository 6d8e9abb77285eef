package import Basics
package import Conversion
package import Formats
import Glibc
package import Storage
import Synchronization

/// Runs waiting jobs: a thread for each worker claims one, has its files converted, and publishes the result.
package final class Runner: Sendable {
  /// Without a job for so long, nothing is kept ready for more of the same.
  static let lull = Duration.seconds(1)
  /// How much longer than a job may take a thread may give no sign before it counts as hanging.
  static let hangsAfter = Duration.seconds(300)

  /// Threads for each that may be at work, where the others wait for the disk.
  static let threadsEach = 4

  private struct State {
    var threads: [ServiceThread] = []
    /// False before the start and after the stop.
    var mayStart = false
  }

  private let store: Store
  private let lifecycle: Lifecycle
  private let pool: WorkerPool
  private let benches: any Bench
  private let catalogue: CatalogueSource
  /// The longest time for one conversion.
  private let timeLimit: Duration
  /// The longest time for one attempt at a job with all its files.
  private let jobTime: Duration
  private let clock: Clock
  private let log: Log
  private let bell: Doorbell
  /// Rung never, closed at the end: a pause that new jobs do not cut short.
  private let rest = Doorbell()
  /// Rung by each thread at its end.
  private let ended = Doorbell()
  private let isStopping = Atomic(false)
  /// True once what still runs has to end, so that it goes back to the queue.
  private let isCutOff = Atomic(false)
  /// Threads without work.
  private let waiting = Atomic(0)
  private let pulse: RunnerPulse
  /// What has become of jobs since the start.
  private let measures: JobMeasures
  private let state = Mutex(State())
  private let turns: Turns

  /// A workspace may have so many `workers` at once, and the `spare` ones of them only while nobody else is about.
  package init(
    _ lane: Lane, store: Store, lifecycle: Lifecycle, pool: WorkerPool, benches: any Bench, catalogue: CatalogueSource,
    workers: Int, spare: Int = 0, timeLimit: Duration, jobTime: Duration, clock: Clock, log: Log, bells: LaneBells,
    measures: JobMeasures
  ) {
    self.measures = measures
    self.store = store
    self.lifecycle = lifecycle
    self.pool = pool
    self.benches = benches
    self.catalogue = catalogue
    self.timeLimit = timeLimit
    self.jobTime = jobTime
    self.clock = clock
    self.log = log
    bell = bells[lane]
    pulse = RunnerPulse(clock: clock)
    turns = Turns(most: max(1, workers), spare: spare, lane: lane, clock: clock)
  }

  package var lane: Lane { turns.lane }

  /// True when no thread hangs: each either waits for work or has got on with its job in the last while.
  package var isAlive: Bool { pulse.isSteady(within: jobTime + Runner.hangsAfter) }

  /// Starts the threads; jobs that wait already are taken at once.
  ///
  /// One more than `workers`, which is as many as one workspace may have.
  package func start() throws(SystemFailure) {
    state.withLock { $0.mayStart = true }
    try startThreads()
  }

  /// One workspace may have so many jobs at once from now on; threads are never fewer than they were.
  package func allow(_ workers: Int) throws(SystemFailure) {
    turns.allow(max(1, workers))
    try startThreads()
    bell.ring()
  }

  private func startThreads() throws(SystemFailure) {
    let failure: SystemFailure? = state.withLock { state in
      while state.mayStart, state.threads.count <= turns.most {
        do throws(SystemFailure) {
          state.threads.append(try startThread(state.threads.count))
        } catch {
          return error
        }
      }
      return nil
    }
    if let failure { throw failure }
  }

  private func startThread(_ number: Int) throws(SystemFailure) -> ServiceThread {
    try ServiceThread(trying: "\(turns.lane == .quick ? "runner" : "\(turns.lane)")-\(number)") { [self] in
      serve()
      ended.ring()
    }
  }

  /// Takes no more jobs from now on.
  package func takeNoMore() {
    isStopping.store(true, ordering: .releasing)
    bell.close()
    rest.close()
  }

  /// Takes no more jobs, and waits for those that run; what is still running after `grace` goes back to the queue.
  package func stop(grace: Duration) {
    takeNoMore()
    let threads = state.withLock { state in
      state.mayStart = false
      defer { state.threads = [] }
      return state.threads
    }
    // No thread of its own watches the time, for there may be none to be had.
    let end = Clock.readMonotonic() + grace.nanoseconds
    let areDone = threads.allSatisfy { _ in
      ended.wait(timeout: .nanoseconds(max(0, end - Clock.readMonotonic())))
    }
    if !areDone {
      // What this process packs and copies by itself is on no bench.
      isCutOff.store(true, ordering: .releasing)
      benches.close()
      pool.close()
    }
    for thread in threads { thread.join() }
    for open in turns.takeResting() { close(open, by: ConversionFailure.canceled) }
  }

  private var stops: Bool { isStopping.load(ordering: .acquiring) }

  private func serve() {
    var setback = Setback("cannot take a job", log: log)
    while !stops {
      do {
        let next = try choose()
        setback.worked()
        if let next { work(on: next) } else { try waitForWork() }
      } catch {
        // The writer has said why; what waits is run after the next start.
        if store.hasStoppedWriting { return }
        _ = rest.wait(timeout: setback.failed(error))
      }
    }
  }

  /// What a thread does next: a job that waits, or one that rests between two files.
  private func choose() throws -> OpenJob? {
    guard let choice = turns.begin() else { return nil }
    var chosen: OpenJob?
    defer { if turns.end(choice, chosen) { bell.ring() } }
    if let taken = try lifecycle.claim(choice) {
      chosen = open(taken)
      // Whoever brings many rings once, and whoever was kept from the next one by this choice has gone to sleep.
      if taken.leavesMore, waiting.load(ordering: .relaxed) > 0 { bell.ring() }
    } else if let resting = choice.resting {
      // Another thread was quicker, and the next one that rests has not been looked at.
      guard let open = turns.resume(resting) else {
        bell.ring()
        return nil
      }
      open.takeUp()
      pulse.beat(open.job.id)
      chosen = open
      // Of a workspace that had enough ends on their way, this thread alone may know that it has fewer now.
      if waiting.load(ordering: .relaxed) > 0 { bell.ring() }
    }
    return chosen
  }

  private func waitForWork() throws {
    waiting.add(1, ordering: .relaxed)
    defer { waiting.subtract(1, ordering: .relaxed) }
    let span = try lifecycle.untilNextLook(in: turns.lane)
    // Children that are kept for more jobs of a workspace stay for a moment only, unless what waits may be one of these.
    if bell.wait(timeout: min(span ?? Runner.lull, Runner.lull)) { return }
    if turns.lane == .quick, span.map({ $0 > Lifecycle.blockedLook }) ?? true { pool.endKept() }
    guard let span else { return _ = bell.wait() }
    if span > Runner.lull { _ = bell.wait(timeout: span - Runner.lull) }
  }

  /// Begins an attempt at a job that was taken.
  private func open(_ taken: TakenJob) -> OpenJob {
    let (claim, job) = (taken.claim, taken.job)
    pulse.beat(job.id)
    let workplace = Workplace(
      store: store, claim: claim, room: AttemptRoom(lifecycle.room, workspace: job.workspaceID))
    let work = JobWork(
      store: store, bench: benches, catalogue: catalogue.now, workplace: workplace, job: job,
      inputs: taken.inputs, tasks: taken.tasks, secrets: taken.secrets, isWide: taken.isWide,
      timeLimit: timeLimit, jobTime: jobTime, clock: clock,
      progress: { [self] in report(claim, job, percent: $0) },
      hearDone: taken.followsFiles ? { [self] in tellDone(taken, $0, $1) } : nil,
      isCanceled: { [self] in
        pulse.beat(job.id)
        return lifecycle.cancellations.isCanceled(claim) || isCutOff.load(ordering: .acquiring)
      },
      isExtra: { [turns] in turns.hasSeveral(job.workspaceID) })
    return OpenJob(taken, work, workplace, waited: clock.now() - job.createdAt, clock: clock)
  }

  /// Ends an attempt; the files of one that failed go before that is recorded, for a job that is tried again at once has
  /// others by the same names.
  private func close(_ open: OpenJob, by error: (any Error)? = nil) {
    open.workplace.clear()
    lifecycle.cancellations.end(open.claim)
    if let error { settle(error, open) }
    pulse.end(open.job.id)
  }

  /// Sees a job through to a recorded end, however often the disk has to be tried, or to a file after which it is another
  /// one's turn.
  private func work(on open: OpenJob) {
    let made = Result { try makeFiles(open) }
    if case .success(false) = made { return }
    // While this thread brings the end to the disk another one works.
    turns.letGo(of: open.workspace, isLarge: open.isLarge, isEnding: true)
    defer { turns.end(for: open.workspace) }
    startSpare()
    bell.ring()
    do {
      _ = try made.get()
      try finish(open)
    } catch {
      close(open, by: error)
    }
  }

  /// Makes what is to be made of a job; false when it was put down between two files, and is no longer this thread's.
  private func makeFiles(_ open: OpenJob) throws -> Bool {
    while try !open.work.step() {
      guard try isTurnOfAnother(than: open) else { continue }
      open.putDown()
      pulse.end(open.job.id)
      turns.rest(open)
      turns.letGo(of: open.workspace, isLarge: open.isLarge)
      bell.ring()
      return false
    }
    return true
  }

  /// With syncs of some milliseconds several jobs are on their way to the disk for each that is at work; where no thread is to
  /// be had, it is taken up a little later.
  private func startSpare() {
    guard waiting.load(ordering: .relaxed) == 0 else { return }
    state.withLock { state in
      guard state.mayStart, state.threads.count < Runner.threadsEach * (turns.most + 1) else { return }
      if let thread = try? startThread(state.threads.count) { state.threads.append(thread) }
    }
  }

  /// Publishes the outputs.
  private func finish(_ open: OpenJob) throws {
    let (claim, job) = (open.claim, open.job)
    let made = open.work.made
    try open.workplace.place(made.map(\.path), store.blobs) { blobs in
      do {
        let isOurs = try lifecycle.complete(
          claim, job, outputs: made.map(\.output), blobs: blobs, run: open.elapsed, without: open.work.failure)
        // A cancel has come after the last look, or another attempt.
        if !isOurs { throw ConversionFailure.canceled }
      } catch {
        // After a commit that failed on the disk, the next start may find it done.
        if !store.hasStoppedWriting { store.blobs.remove(blobs) }
        throw error
      }
    }
    count(open, .completed, open.elapsed)
    log.info("job completed", describe(job, claim, open.elapsed))
    close(open)
  }

  /// True when the thread of a job between two of its files has something more urgent to do.
  private func isTurnOfAnother(than open: OpenJob) throws -> Bool {
    let workspace = open.workspace
    return try !stops
      && (turns.hasTooMany(workspace) || turns.hasOther(than: workspace)
        || lifecycle.isTurnOfAnother(than: open, in: turns.lane))
  }

  private func settle(_ error: any Error, _ open: OpenJob) {
    if store.hasStoppedWriting { return }
    let (claim, job, run) = (open.claim, open.job, open.elapsed)
    switch Verdict(of: error, stops: stops) {
    case .failed(let failure):
      count(open, failure.code == .canceled ? .canceled : .failed, run)
      log.info("job failed: \(failure)", describe(job, claim, run))
      repeatedly(claim, job) { try lifecycle.fail(claim, job, failure, run: run) }
    case .workerDeath(let failure):
      measures.countWorkerDeath()
      log.warning("a converter died: \(failure)", describe(job, claim, run))
      repeatedly(claim, job) { try lifecycle.countWorkerDeath(claim, job, failure, run: run) }
      bell.ring()
    case .fault(let failure):
      log.error("a fault of ours: \(error)", describe(job, claim, run))
      repeatedly(claim, job) { try lifecycle.countFault(claim, job, failure, run: run) }
      bell.ring()
    case .delayed(let failure):
      log.error("job waits for the disk: \(error)", describe(job, claim, run))
      repeatedly(claim, job) { try lifecycle.countDiskTrouble(claim, job, failure, run: run) }
      bell.ring()
    case .givenBack:
      log.notice("job goes back to the queue", describe(job, claim, run))
      repeatedly(claim, job) { try lifecycle.giveBack(claim, job) }
    }
  }

  /// Counts the end of a job; an archive was submitted by nobody, so its end is none.
  private func count(_ open: OpenJob, _ end: JobStatus, _ run: Duration) {
    if (try? store.read { try lifecycle.isArchive(open.job, $0) }) == true { return }
    measures.count(open.job, end, waited: open.waited, run: run)
  }

  /// Repeats a step until the database takes it; when the process stops first, the next boot recovers the job.
  private func repeatedly(_ claim: Claim, _ job: Job, _ step: () throws -> Void) {
    var setback = Setback(
      "cannot record the end of job \(store.identifiers.text(.request, job.id))", log: log)
    while true {
      do {
        try step()
        return setback.worked()
      } catch {
        if store.hasStoppedWriting { return }
        let pause = setback.failed(error)
        if stops { return }
        pulse.beat(job.id)
        _ = rest.wait(timeout: pause)
      }
    }
  }

  /// Progress that cannot be recorded is no reason to stop the work.
  private func report(_ claim: Claim, _ job: Job, percent: Int) {
    do {
      try lifecycle.report(claim, job, percent: percent)
    } catch {
      log.warning("cannot record progress", ["error": "\(error)"])
    }
  }

  /// A word about a file less is no reason either.
  private func tellDone(_ taken: TakenJob, _ sources: [Input], _ done: Int) {
    do {
      try lifecycle.tellDone(
        taken.claim, taken.job, sources, done: done, of: taken.inputs.count { $0.role == .source })
    } catch {
      log.warning("cannot tell of a file", ["error": "\(error)"])
    }
  }

  private func describe(_ job: Job, _ claim: Claim, _ run: Duration) -> KeyValuePairs<String, String> {
    [
      "job": store.identifiers.text(.request, job.id), "conversion": "\(job.sourceFormat)-\(job.targetFormat)",
      "attempt": String(claim.attempt), "ms": String(run.milliseconds),
    ]
  }
}
