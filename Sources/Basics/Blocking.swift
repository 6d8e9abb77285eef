import Synchronization

/// A few threads for calls that may block, so that the event loops and the concurrency pool never do.
package final class Blocking: Sendable {
  /// Work in the order in which it came.
  private struct Line {
    private var waiting: [(@Sendable () -> Void)?] = []
    /// How many at the front of `waiting` have been taken.
    private var taken = 0

    var count: Int { waiting.count - taken }

    mutating func append(_ work: @escaping @Sendable () -> Void) { waiting.append(work) }

    /// The work that has waited longest; what was taken is dropped now and then, so that each costs the same.
    mutating func take() -> (@Sendable () -> Void)? {
      guard count > 0 else { return nil }
      let work = waiting[taken]
      waiting[taken] = nil
      taken += 1
      if taken == waiting.count || taken >= 1024 {
        waiting.removeFirst(taken)
        taken = 0
      }
      return work
    }
  }

  private struct State {
    var light = Line()
    var heavy = Line()
    /// Threads at heavy work, and how many may be.
    var atHeavy = 0
    let mostAtHeavy: Int
    var threads: [ServiceThread] = []
    var idle = 0
    var isClosed = false

    var count: Int { light.count + heavy.count }

    /// What comes next: heavy work when none is done at the moment, else light, else heavy as far as it may.
    mutating func take() -> (work: @Sendable () -> Void, isHeavy: Bool)? {
      if atHeavy > 0, let work = light.take() { return (work, false) }
      if atHeavy < mostAtHeavy || isClosed, let work = heavy.take() {
        atHeavy += 1
        return (work, true)
      }
      return light.take().map { ($0, false) }
    }
  }

  private let mostThreads: Int
  private let bell = Doorbell()
  private let state: Mutex<State>

  /// Threads start when work comes, at most `mostThreads`, and then stay.
  package init(mostThreads: Int = 8) {
    self.mostThreads = mostThreads
    state = Mutex(State(mostAtHeavy: max(1, mostThreads / 2)))
  }

  /// Starts the first thread, for a server that would rather not start than have none when work comes.
  package func start() throws(SystemFailure) {
    let thread = try ServiceThread(trying: "blocking") { [self] in serve() }
    state.withLock { $0.threads.append(thread) }
  }

  /// Work that is let go of as soon as it has been done.
  private final class Work<Value>: Sendable {
    private let body: Mutex<(@Sendable () throws -> Value)?>

    init(_ body: @escaping @Sendable () throws -> Value) {
      self.body = Mutex(body)
    }

    func run() -> Result<Value, any Error>? {
      let body = self.body.withLock { body in
        defer { body = nil }
        return body
      }
      return body.map { body in Result { try body() } }
    }
  }

  /// Runs `body` on one of the threads and resumes the caller on its own executor.
  ///
  /// What `body` holds, such as the keeper of an upload, is let go of before the caller goes on. Work that may take long is
  /// `heavy`: half of the threads at most are at such. Throws `SystemFailure` when the system gives no thread and there is
  /// none.
  package func run<Value: Sendable>(heavy isHeavy: Bool = false, _ body: @escaping @Sendable () throws -> Value)
    async throws -> Value
  {
    let work = Work(body)
    let result: Result<Value, any Error>? = await withUnsafeContinuation { continuation in
      do throws(SystemFailure) {
        try enqueue(isHeavy) { continuation.resume(returning: work.run()) }
      } catch {
        continuation.resume(returning: .failure(error))
      }
    }
    guard let result else { preconditionFailure("work is run once") }
    return try result.get()
  }

  /// Lets queued work finish and ends the threads; later work runs on the thread that submits it.
  package func close() {
    let threads = state.withLock { state in
      state.isClosed = true
      defer { state.threads = [] }
      return state.threads
    }
    bell.close()
    for thread in threads { thread.join() }
  }

  private func enqueue(_ isHeavy: Bool, _ work: @escaping @Sendable () -> Void) throws(SystemFailure) {
    let isClosed = try state.withLock { state throws(SystemFailure) in
      guard !state.isClosed else { return true }
      if state.count >= state.idle && state.threads.count < mostThreads {
        do throws(SystemFailure) {
          state.threads.append(try ServiceThread(trying: "blocking") { [self] in serve() })
        } catch {
          // With fewer threads than it may have the work waits a little longer.
          if state.threads.isEmpty { throw error }
        }
      }
      if isHeavy { state.heavy.append(work) } else { state.light.append(work) }
      return false
    }
    if isClosed { work() } else { bell.ring() }
  }

  private func serve() {
    var wasHeavy = false
    while true {
      let next: (work: @Sendable () -> Void, isHeavy: Bool)? = state.withLock { state in
        if wasHeavy { state.atHeavy -= 1 }
        let next = state.take()
        if next == nil { state.idle += 1 }
        return next
      }
      wasHeavy = next?.isHeavy ?? false
      if let next {
        next.work()
        continue
      }
      let rang = bell.wait()
      let isDone = state.withLock { state in
        state.idle -= 1
        return !rang && state.isClosed && state.count == 0
      }
      if isDone { return }
    }
  }
}
