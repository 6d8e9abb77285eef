import Basics
import CSystem
import Formats
import Glibc
import Synchronization

extension WorkerSlot {
  /// How long a worker process may take to fork a child or to report an end that is due.
  static let patience: Int32 = 2000
  /// How often a running job looks whether it is canceled.
  private static let pause: Int32 = 100
  /// How often a job is tried with a child that turns out to be dead, even when its time is over.
  private static let leastTries = 3
  /// Children talk at most once a second; one that says more than any job can is hostile.
  private static let mostReports = 1000

  /// How far a job steps back that yields (nice(2)): to a thirtieth of what another one gets of a busy processor.
  private static let lowered: Int32 = 15

  /// Gives the job to a child and waits for its end, or only for its answer when it may go on to another job of its
  /// owner; returns what the child said, and what it used when it has ended.
  func run(
    _ job: WorkerJob, timeLimit: Duration, progress: (Int) -> Void, isCanceled: () -> Bool
  ) throws(ConversionFailure) -> (report: ChildReport, usage: ResourceUsage?) {
    let (zygote, child, stays) = try dispatch(job, timeLimit, isCanceled)
    defer { state.withLock { $0.busy = nil } }
    let deadline = Clock.readMonotonic() + timeLimit.nanoseconds
    var answer: ChildReport?
    var exit: ChildExit?
    var hasEnded = false
    var reports = 0

    while true {
      if hasEnded, let exit {
        guard exit.isClean, let answer else { throw exit.failure }
        return (answer, exit.usage)
      }
      if isCanceled() { throw stop(child, zygote, .canceled) }
      let left = (deadline - Clock.readMonotonic() + 999_999) / 1_000_000
      guard left > 0 else {
        throw stop(child, zygote, ConversionFailure(.timeLimit, "the conversion took longer than it may"))
      }
      // Once the child is silent for good only its end is awaited, and the other way round.
      let channels = (hasEnded ? [] : [child.channel]) + (exit == nil ? [zygote.control] : [])
      guard let isReady = try? Channel.wait(for: channels, milliseconds: min(Int32(clamping: left), WorkerSlot.pause))
      else { throw stop(child, zygote, ConversionFailure(.internalError, "the worker cannot be watched")) }

      if !hasEnded, isReady[0] {
        switch try? child.channel.receive() {
        case .document(let document)? where answer == nil && reports < WorkerSlot.mostReports:
          reports += 1
          switch ChildReport(document) {
          case .ready(let layers)?: state.withLock { $0.layers = layers }
          case .progress(let percent)?: progress(percent)
          case .done(let outcome)? where stays:
            keep(child, zygote, job.owner)
            return (.done(outcome), nil)
          case .some(let report): answer = report
          case nil: throw stop(child, zygote, WorkerSlot.nonsense)
          }
        case .end?, nil: hasEnded = true
        default: throw stop(child, zygote, WorkerSlot.nonsense)
        }
      }
      if exit == nil, isReady.last == true {
        guard let report = receive(zygote) else {
          discard("it ended during a job")
          throw ConversionFailure(.converterDied, "the worker process ended")
        }
        if case .ended(child.process, let how) = report { exit = how }
      }
    }
  }

  private static let nonsense = ConversionFailure(.converterDied, "the converter broke its protocol")

  /// Hands the job to the child that was kept for its owner or else to the waiting one; one that has died meanwhile costs
  /// nothing but another try.
  ///
  /// While the system gives no process, for want of memory, descriptors or processes, a patient job waits for as long as it
  /// may take, and the tries are up to a second apart.
  private func dispatch(
    _ job: WorkerJob, _ timeLimit: Duration, _ isCanceled: () -> Bool
  ) throws(ConversionFailure) -> (zygote: ZygoteProcess, child: Child, stays: Bool) {
    let deadline = Clock.readMonotonic() + timeLimit.nanoseconds
    var tries = 0
    while tries < WorkerSlot.leastTries || job.isPatient && Clock.readMonotonic() < deadline {
      if tries > 0 { try rest(after: tries, isCanceled) }
      tries += 1
      let zygote: ZygoteProcess
      do {
        zygote = try start()
      } catch {
        // Said once: what repeats is the same.
        if tries == 1 { log.error("no worker process; it is tried again", ["reason": "\(error)"]) }
        continue
      }
      let wide = job.isWide ? makeWide(zygote) : nil
      let kept = wide == nil ? takeKept(job.owner, mostBytes: job.mostBytes) : nil
      guard var child = wide ?? kept ?? takeReady(zygote) else {
        discard("it has no child ready")
        continue
      }
      let stays = wide == nil && job.owner != nil && child.jobs + 1 < jobsPerChild
      let isSent = (try? child.channel.send(job.request(stays).json, descriptors: job.descriptors)) != nil
      // Asked only after the job is on its way, so that the fork delays nobody.
      if wide == nil && kept == nil {
        guard (try? zygote.control.send(ZygoteRequest.fork(isWide: false).json)) != nil else {
          discard("it does not take requests")
          continue
        }
      }
      if isSent {
        // A child cannot be raised again, so one that is kept stays as it is to its end.
        if job.yields { csystem_step_back(child.process, WorkerSlot.lowered) }
        child.mostBytes = min(child.mostBytes, job.mostBytes)
        state.withLock { $0.busy = child.process }
        return (zygote, child, stays)
      }
    }
    throw ConversionFailure(.internalError, "no worker process could be started")
  }

  /// Waits a little longer after each try; the first one after a child that was dead is at once.
  private func rest(after tries: Int, _ isCanceled: () -> Bool) throws(ConversionFailure) {
    guard tries > 1 else { return }
    let end = Clock.readMonotonic() + min(1 << min(tries, 10), 1000) * 1_000_000
    while true {
      if isCanceled() { throw .canceled }
      let left = (end - Clock.readMonotonic()) / 1_000_000
      guard left > 0 else { return }
      poll(nil, 0, min(Int32(clamping: left), WorkerSlot.pause))
    }
  }

  /// The child that waits for a job, once the news of it have been read.
  private func takeReady(_ zygote: ZygoteProcess) -> Child? {
    guard awaitReady(zygote) else { return nil }
    return state.withLock { state in
      defer { state.ready = nil }
      return state.ready
    }
  }

  /// Reads the news until a child waits for a job; false when none does in time, or the worker process is of no use any more.
  func awaitReady(_ zygote: ZygoteProcess) -> Bool {
    let deadline = Clock.readMonotonic() + Int64(WorkerSlot.patience) * 1_000_000
    while true {
      let isWaiting = state.withLock { $0.ready != nil }
      let left = isWaiting ? 0 : (deadline - Clock.readMonotonic()) / 1_000_000
      guard left >= 0, let isReady = try? Channel.wait(for: [zygote.control], milliseconds: Int32(left)) else {
        return false
      }
      if isReady[0] {
        guard readNews(zygote) else { return false }
      } else {
        return isWaiting
      }
    }
  }

  /// Reads one report while no job runs, and has a waiting child that has died replaced, without which the next job would
  /// wait for none; false when the worker process is of no use any more.
  func readNews(_ zygote: ZygoteProcess) -> Bool {
    let hadReady = state.withLock { $0.ready != nil }
    guard let report = receive(zygote) else { return false }
    guard case .ended = report, hadReady, state.withLock({ $0.ready == nil }) else { return true }
    return (try? zygote.control.send(ZygoteRequest.fork(isWide: false).json)) != nil
  }

  /// Kills the child and waits for its end, so that it cannot touch the files of a job that is over.
  private func stop(_ child: Child, _ zygote: ZygoteProcess, _ failure: ConversionFailure) -> ConversionFailure {
    let deadline = Clock.readMonotonic() + Int64(WorkerSlot.patience) * 1_000_000
    guard (try? zygote.control.send(ZygoteRequest.kill(child.process).json)) != nil else {
      discard("it does not take requests")
      return failure
    }
    while true {
      let left = (deadline - Clock.readMonotonic()) / 1_000_000
      guard left > 0, let isReady = try? Channel.wait(for: [zygote.control], milliseconds: Int32(left)), isReady[0],
        let report = receive(zygote)
      else {
        discard("it did not end a child")
        return failure
      }
      if case .ended(child.process, _) = report { return failure }
    }
  }
}
