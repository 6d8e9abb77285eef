import Basics
import Storage
import Synchronization

/// Writes what became of attempts, many in one transaction, while the courier sends the next ones.
final class Recorder: Sendable {
  /// How many records one transaction holds, so that it never keeps other writers waiting for long.
  static let portion = 256
  /// While several come with each commit, more are waited for so long: a commit costs as much as many of them.
  private static let gathering = (least: 4, span: Duration.milliseconds(4))

  private struct State {
    var waiting: [AttemptRecord] = []
    var written: [AttemptRecord] = []
    var isClosed = false
  }

  private let store: Store
  private let clock: Clock
  private let log: Log
  private let watch: DeliveryWatch
  private let written: @Sendable () -> Void
  private let bell = Doorbell()
  private let rest = Doorbell()
  private let state = Mutex(State())
  private let thread = Mutex<ServiceThread?>(nil)

  /// `written` is called after each commit.
  init(
    store: Store, clock: Clock, log: Log, watch: DeliveryWatch, written: @escaping @Sendable () -> Void
  ) {
    self.store = store
    self.watch = watch
    self.clock = clock
    self.log = log
    self.written = written
  }

  func start() throws(SystemFailure) {
    let thread = try ServiceThread(trying: "outbox-record") { [self] in serve() }
    self.thread.withLock { $0 = thread }
  }

  func add(_ records: [AttemptRecord]) {
    guard !records.isEmpty else { return }
    state.withLock { $0.waiting += records }
    bell.ring()
  }

  /// What has been committed since the last call.
  func takeWritten() -> [AttemptRecord] {
    state.withLock { state in
      defer { state.written = [] }
      return state.written
    }
  }

  /// Writes what waits, as far as the disk lets it, and ends the thread.
  func close() {
    state.withLock { $0.isClosed = true }
    rest.close()
    bell.close()
    let thread = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    thread?.join()
  }

  private func serve() {
    var setback = Setback("cannot record webhooks", log: log)
    var hasTriedAtStop = false
    while true {
      let isClosed = !bell.wait()
      var last = 0
      while true {
        if (Recorder.gathering.least..<Recorder.portion).contains(last) {
          _ = rest.wait(timeout: Recorder.gathering.span)
        }
        guard let portion = takePortion() else { break }
        last = portion.count
        do {
          try write(portion)
          setback.worked()
        } catch {
          let waiting = state.withLock { state in
            state.waiting.insert(contentsOf: portion, at: 0)
            return state.waiting.count
          }
          _ = rest.wait(timeout: setback.failed(error))
          let stops = rest.isClosed
          if stops, hasTriedAtStop {
            // A stop waits for no disk.
            log.error("stopped without recording webhooks, which are sent again", ["count": String(waiting)])
            return
          }
          hasTriedAtStop = stops
        }
      }
      if isClosed { return }
    }
  }

  private func takePortion() -> [AttemptRecord]? {
    state.withLock { state in
      guard state.waiting.count > Recorder.portion else {
        defer { state.waiting = [] }
        return state.waiting.isEmpty ? nil : state.waiting
      }
      let portion = Array(state.waiting.prefix(Recorder.portion))
      state.waiting.removeFirst(portion.count)
      return portion
    }
  }

  private func write(_ records: [AttemptRecord]) throws {
    let now = clock.now()
    let disabled = try store.writeBlocking { database in
      try records.filter { try $0.write(at: now, in: database) }
    }
    for record in disabled {
      log.warning(
        "endpoint disabled",
        ["endpoint": record.endpoint.map(String.init) ?? "-", "host": record.address.host])
    }
    state.withLock { $0.written += records }
    for record in records { watch.recorded(record.delivery) }
    for workspace in Set(records.map(\.address.workspaceID)) { store.changes.note(workspace) }
    written()
  }
}
