import Basics
import Formats
import Glibc
import Synchronization

/// One worker process and its children; a single caller at a time may run jobs on it.
final class WorkerSlot: Sendable {
  struct Child: Sendable {
    let process: Int32
    let channel: Channel
    /// How many jobs it has done.
    var jobs = 0
    /// What it may write into a file, from its first job on.
    var mostBytes = Int64.max
  }

  struct State {
    var zygote: ZygoteProcess?
    var ready: Child?
    /// A child with a second thread, from its fork to its job.
    var wide: Child?
    var busy: Int32?
    /// A child that has done jobs of this owner, and may do more of them.
    var kept: (child: Child, owner: Int64)?
    var layers: [SandboxLayer]?
  }

  let program: ProgramFile
  let settings: WorkerSettings
  /// How many jobs of one owner a child may do.
  let jobsPerChild: Int
  let log: Log
  let state = Mutex(State())

  init(program: ProgramFile, settings: WorkerSettings, jobsPerChild: Int, log: Log) {
    self.program = program
    self.settings = settings
    self.jobsPerChild = jobsPerChild
    self.log = log
  }

  var status: WorkerStatus? {
    state.withLock { state in
      state.zygote.map {
        WorkerStatus(
          zygote: $0.process, ready: state.ready?.process, busy: state.busy, kept: state.kept?.child.process)
      }
    }
  }

  /// The layers of the latest child that has told them.
  var layers: [SandboxLayer]? { state.withLock(\.layers) }

  /// Starts the worker process, which forks its first child by itself.
  func start() throws(SystemFailure) -> ZygoteProcess {
    if let zygote = state.withLock(\.zygote) { return zygote }
    let zygote = try ZygoteProcess.start(program, settings)
    state.withLock { $0.zygote = zygote }
    return zygote
  }

  /// Replaces a worker process that has died, for the caller that has the slot; false when none can be started, or the one
  /// that was has no child for a job.
  func revive() -> Bool {
    if let zygote = state.withLock(\.zygote), zygote.hasEnded { discard("it ended while it waited") }
    guard let zygote = try? start() else { return false }
    if awaitReady(zygote) { return true }
    discard("it has no child ready")
    return false
  }

  /// Ends the worker process in order.
  func end() {
    let zygote = forget()
    zygote?.end()
  }

  /// Kills the worker process, which is dead or does not answer; the next job starts another.
  func discard(_ reason: String) {
    guard let zygote = forget() else { return }
    log.warning("worker process replaced", ["process": "\(zygote.process)", "reason": reason])
    zygote.kill()
  }

  private func forget() -> ZygoteProcess? {
    state.withLock { state in
      defer { state = State(layers: state.layers) }
      return state.zygote
    }
  }

  /// Reads one report of the worker process; nil when it has ended or talks nonsense.
  func receive(_ zygote: ZygoteProcess) -> ZygoteReport? {
    guard let (message, descriptors) = try? zygote.control.receiveWithDescriptors(atMost: 1) else { return nil }
    let channels = descriptors.map { Channel($0) }
    guard case .document(let document) = message, let report = ZygoteReport(document) else { return nil }
    if case .child(let process, let isWide) = report {
      guard channels.count == 1 else { return nil }
      let child = Child(process: process, channel: channels[0])
      state.withLock { if isWide { $0.wide = child } else { $0.ready = child } }
    }
    if case .ended(let process, let exit) = report {
      let wasWaiting = state.withLock { state in
        if state.wide?.process == process {
          state.wide = nil
        } else if state.ready?.process == process {
          state.ready = nil
        } else {
          return false
        }
        return true
      }
      if wasWaiting { log.warning("a waiting child ended", ["reason": exit.failure.message]) }
    }
    return report
  }
}
