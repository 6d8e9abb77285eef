import Synchronization

/// A second thread of one conversion: it does one piece of work at a time while its owner does something else.
///
/// One owner at a time may use it, and the thread ends with the last reference.
package final class SecondThread: Sendable {
  /// What both threads see; the thread keeps this and not its owner, so that the owner can go.
  private final class Desk: Sendable {
    let work = Mutex<(@Sendable () -> Void)?>(nil)
    /// Rung when there is work, and closed at the end.
    let begun = Doorbell()
    /// Rung when the thread runs, and when its work is done.
    let done = Doorbell()

    func serve() {
      done.ring()
      while begun.wait() {
        work.withLock { work in
          defer { work = nil }
          return work
        }?()
        done.ring()
      }
    }
  }

  private let desk: Desk
  private let thread: ServiceThread

  /// Returns once the thread runs, so that all it asks of the kernel for itself is behind it.
  package init() throws(SystemFailure) {
    let desk = Desk()
    thread = try ServiceThread(trying: "second") { desk.serve() }
    self.desk = desk
    _ = desk.done.wait()
  }

  deinit {
    desk.begun.close()
    thread.join()
  }

  /// Hands over work; `wait` has to come before the next.
  package func begin(_ work: @escaping @Sendable () -> Void) {
    desk.work.withLock { $0 = work }
    desk.begun.ring()
  }

  /// Returns when the work is done.
  package func wait() { _ = desk.done.wait() }

  /// Does the work on the second thread, and waits for what comes of it.
  package func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) -> Result? {
    let answer = Answer<Result>()
    begin { answer.value.withLock { $0 = work() } }
    wait()
    return answer.value.withLock(\.self)
  }

  private final class Answer<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
  }
}

extension SecondThread: Hashable {
  package static func == (left: SecondThread, right: SecondThread) -> Bool { left === right }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
