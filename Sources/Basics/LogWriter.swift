import Synchronization

/// Writes log lines on a thread of its own, so that a slow disk or pipe behind the log delays nobody else.
///
/// What waits is bounded: when the thread cannot keep up, lines are dropped, counted, and the count is told once it can.
package final class LogWriter: Sendable {
  /// Bytes that may wait.
  package static let capacity = 4 << 20
  /// How long lines gather, so that a busy server does not switch threads for each.
  private static let gathering = Duration.milliseconds(20)

  private struct State {
    var waiting: [UInt8] = []
    var lost = 0
    /// True while a line must wake the thread.
    var isIdle = false
    /// True while lines gather, and one that fills half of the room must wake the thread.
    var isGathering = false
    var isClosed = false
  }

  private let write: @Sendable ([UInt8]) -> Void
  private let capacity: Int
  private let bell = Doorbell()
  private let state = Mutex(State())
  private let thread = Mutex<ServiceThread?>(nil)

  /// `write` gets several whole lines at once, on the thread; it may block.
  package init(
    capacity: Int = LogWriter.capacity, write: @escaping @Sendable ([UInt8]) -> Void
  ) throws(SystemFailure) {
    self.write = write
    self.capacity = capacity
    let thread = try ServiceThread(trying: "log") { [self] in serve() }
    self.thread.withLock { $0 = thread }
  }

  /// Takes a line without waiting for the thread; after `close` the caller writes it itself.
  package func add(_ line: [UInt8]) {
    let (isClosed, wakes) = state.withLock { state in
      if state.isClosed { return (true, false) }
      if state.waiting.count + line.count > capacity { state.lost += 1 } else { state.waiting += line }
      let wakes = state.isIdle || state.isGathering && state.waiting.count > capacity / 2
      if state.isIdle { (state.isIdle, state.isGathering) = (false, true) } else if wakes { state.isGathering = false }
      return (false, wakes)
    }
    if isClosed { write(line) } else if wakes { bell.ring() }
  }

  /// Returns when everything that waits is written.
  package func close() {
    state.withLock { $0.isClosed = true }
    bell.close()
    thread.withLock { $0.take() }?.join()
  }

  private func serve() {
    var lines: [UInt8] = []
    while true {
      let (lost, isClosed) = state.withLock { state in
        swap(&lines, &state.waiting)
        defer { state.lost = 0 }
        let hasNone = lines.isEmpty && state.lost == 0
        (state.isIdle, state.isGathering) = (hasNone && !state.isClosed, !hasNone)
        return (state.lost, state.isClosed)
      }
      if !lines.isEmpty { write(lines) }
      if lost > 0 { write(Array("\(lost) log lines were lost because the log is written too slowly\n".utf8)) }
      let hadNone = lines.isEmpty && lost == 0
      if hadNone && isClosed { return }
      if !hadNone || bell.wait() { _ = bell.wait(timeout: LogWriter.gathering) }
      if lines.capacity > 1 << 16 { lines = [] } else { lines.removeAll(keepingCapacity: true) }
    }
  }
}
