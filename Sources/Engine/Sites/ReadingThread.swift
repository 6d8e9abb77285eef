import Basics
import Storage
import Synchronization

/// Reads documents one after the other, so that whoever fetches is never held up by a busy converter.
final class ReadingThread: Sendable {
  /// What came of a document.
  struct Ended: Sendable {
    let tag: Int64
    let result: Result<WebContent, ReadingFailure>
  }

  private struct State {
    var waiting: [(tag: Int64, document: WebDocument)] = []
    var ended: [Ended] = []
    var thread: ServiceThread?
    /// The one that is being read.
    var current: Int64?
    var isCanceled = false
  }

  private let reader: any PageReader
  private let tell: @Sendable () -> Void
  private let bell = Doorbell()
  private let state = Mutex(State())

  /// `tell` is called when a document has been read.
  init(_ reader: any PageReader, tell: @escaping @Sendable () -> Void) {
    self.reader = reader
    self.tell = tell
  }

  func start() throws(SystemFailure) {
    let thread = try ServiceThread(trying: "site-reader") { [self] in serve() }
    state.withLock { $0.thread = thread }
  }

  /// Leaves what waits, and ends what is being read.
  func stop() {
    let thread = state.withLock { state in
      state.isCanceled = true
      state.waiting = []
      defer { state.thread = nil }
      return state.thread
    }
    bell.close()
    thread?.join()
  }

  func add(_ document: WebDocument, tag: Int64) {
    state.withLock { $0.waiting.append((tag, document)) }
    bell.ring()
  }

  /// Nothing comes of it any more.
  func cancel(tag: Int64) {
    state.withLock { state in
      state.waiting.removeAll { $0.tag == tag }
      if state.current == tag { state.isCanceled = true }
    }
  }

  /// What has been read since the last call.
  func takeEnded() -> [Ended] {
    state.withLock { state in
      defer { state.ended = [] }
      return state.ended
    }
  }

  private func serve() {
    while bell.wait() {
      guard let next = take() else { continue }
      let result: Result<WebContent, ReadingFailure>
      do throws(ReadingFailure) {
        result = .success(try reader.read(next.document) { [self] in state.withLock(\.isCanceled) })
      } catch {
        result = .failure(error)
      }
      state.withLock { state in
        state.current = nil
        state.ended.append(Ended(tag: next.tag, result: result))
      }
      tell()
    }
  }

  private func take() -> (tag: Int64, document: WebDocument)? {
    state.withLock { state in
      guard !state.waiting.isEmpty else { return nil }
      let next = state.waiting.removeFirst()
      state.current = next.tag
      if state.thread != nil { state.isCanceled = false }
      return next
    }
  }
}
