import Basics
import CSystem
import Formats
import Glibc

/// The loop of `wonder worker`: forks on request, kills on request, reports every child that has ended.
final class Zygote {
  private let control: Channel
  /// Readable when a child has ended.
  private let signals: Channel
  private let settings: WorkerSettings
  private let process = getpid()
  /// Children that have not been reaped, so that a process id is never taken for another's.
  private var children: Set<Int32> = []

  init(control: Channel, signals: Channel, settings: WorkerSettings) {
    self.control = control
    self.signals = signals
    self.settings = settings
  }

  /// Returns when the server has closed the control socket.
  func serve() throws(SystemFailure) {
    try fork(isWide: false)
    while true {
      let isReady = try Channel.wait(for: [control, signals], milliseconds: -1)
      if isReady[1] {
        csystem_drain_signals(signals.descriptor)
        try reap()
      }
      guard isReady[0] else { continue }
      guard case .document(let document) = try control.receive() else { return }
      switch ZygoteRequest(document) {
      case .fork(let isWide): try fork(isWide: isWide)
      case .kill(let child) where children.contains(child): kill(child, SIGKILL)
      default: break
      }
    }
  }

  /// Kills and reaps what is left.
  func endChildren() {
    for child in children { kill(child, SIGKILL) }
    for child in children { waitpid(child, nil, 0) }
  }

  private func fork(isWide: Bool) throws(SystemFailure) {
    // Without room for another child this one's job goes on; the server asks again with its next job.
    guard let (server, own) = try? Channel.pair() else { return }
    let child = csystem_fork()
    if child == 0 { WorkerChild.run(own.descriptor, settings, parent: process, isWide: isWide) }
    guard child > 0 else { return }
    children.insert(child)
    try control.send(ZygoteReport.child(child, isWide: isWide).json, descriptors: [server.descriptor])
  }

  private func reap() throws(SystemFailure) {
    while true {
      var result = csystem_exit()
      let child = csystem_reap(&result)
      guard child > 0 else { return }
      children.remove(child)
      let usage = ResourceUsage(
        processorMicroseconds: result.cpu_microseconds, peakKibibytes: result.peak_kibibytes)
      let exit = ChildExit(signal: result.signal, code: result.code, usage: usage)
      try control.send(ZygoteReport.ended(child, exit).json)
    }
  }
}
