import Basics
import Storage
import Synchronization

/// Writes what became of attempts, many in one transaction, while the courier sends the next ones.
final class Recorder: Sendable {
  /// How many records one transaction holds, so that it never keeps other writers waiting for long.
  static let portion = 128
  static let pause = Duration.seconds(1)

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
    while true {
      let isClosed = !bell.wait()
      while let portion = takePortion() {
        guard write(portion) || !isClosed else { return }
      }
      if isClosed { return }
    }
  }

  private func takePortion() -> [AttemptRecord]? {
    state.withLock { state in
      guard !state.waiting.isEmpty else { return nil }
      let portion = Array(state.waiting.prefix(Recorder.portion))
      state.waiting.removeFirst(portion.count)
      return portion
    }
  }

  /// False when it could not be written and waits again, after a pause.
  private func write(_ records: [AttemptRecord]) -> Bool {
    let now = clock.now()
    do {
      let disabled = try store.writeBlocking { database in
        try records.filter { try $0.write(at: now, in: database) }
      }
      for record in disabled {
        log.warning(
          "endpoint disabled", ["endpoint": record.endpoint.map(String.init) ?? "-", "host": record.host])
      }
      state.withLock { $0.written += records }
      for record in records { watch.recorded(record.delivery) }
      written()
      return true
    } catch {
      log.error("cannot record webhooks", ["error": "\(error)", "count": String(records.count)])
      state.withLock { $0.waiting.insert(contentsOf: records, at: 0) }
      _ = rest.wait(timeout: Recorder.pause)
      return false
    }
  }
}
