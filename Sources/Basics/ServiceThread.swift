import CSystem
import Glibc
import Synchronization

/// A thread with a name and an owner that joins it: the writer, the runners and other loops that block.
package final class ServiceThread: Sendable {
  private let handle: Mutex<pthread_t?>

  /// Starts the thread at once, for tests and tools: where there is none to be had, the process ends.
  package init(_ name: String, _ body: @escaping @Sendable () -> Void) {
    switch ServiceThread.start(name, body) {
    case .success(let thread): handle = Mutex(thread)
    case .failure(let failure): preconditionFailure("no thread for \(name): \(failure)")
    }
  }

  /// Starts the thread at once; the name shows in `ps -L` (15 bytes at most).
  package init(trying name: String, _ body: @escaping @Sendable () -> Void) throws(SystemFailure) {
    handle = Mutex(try ServiceThread.start(name, body).get())
  }

  private static func start(
    _ name: String, _ body: @escaping @Sendable () -> Void
  ) -> Result<pthread_t, SystemFailure> {
    let start = Unmanaged.passRetained(
      Start {
        csystem_name_thread(name)
        body()
      })
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 1 << 20)
    var thread = pthread_t()
    let code = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, start.toOpaque())
    pthread_attr_destroy(&attributes)
    guard code == 0 else {
      start.release()
      return .failure(SystemFailure("pthread_create", name, code: code))
    }
    return .success(thread)
  }

  /// Lets the calling thread have the processor and the disk only where others leave them, from now on.
  ///
  /// A thread that has stepped back cannot come forward again (setpriority(2)), nor can what it starts.
  package static func yieldToOthers() { csystem_yield_to_others() }

  /// Does something on a thread that yields to others, and waits for it; the calling thread stays as it is.
  ///
  /// Throws what `body` throws, and `SystemFailure` when there is no thread to be had.
  package static func yielding<Value: Sendable>(
    _ name: String, _ body: @escaping @Sendable () throws -> Value
  ) throws -> Value {
    let result = Mutex<Result<Value, any Error>?>(nil)
    let thread = try ServiceThread(trying: name) {
      yieldToOthers()
      let found = Result(catching: body)
      result.withLock { $0 = found }
    }
    thread.join()
    guard let found = result.withLock({ $0 }) else { throw SystemFailure("pthread_join", name, code: ESRCH) }
    return try found.get()
  }

  /// Waits for the thread to end; a second call returns at once.
  package func join() {
    let thread = handle.withLock { handle in
      defer { handle = nil }
      return handle
    }
    if let thread { pthread_join(thread, nil) }
  }

  private final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
