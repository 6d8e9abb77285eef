package import Basics
import Synchronization

/// The thread of a loop that waits in its client's poll, and how it is told to end.
package final class ClientThread: Sendable {
  private let client: Client
  private let isStopping = Atomic(false)
  private let thread = Mutex<ServiceThread?>(nil)

  package init(_ client: Client) {
    self.client = client
  }

  /// Starts the thread at once, with a name as `ServiceThread` has it.
  package func start(_ name: String, _ serve: @escaping @Sendable () -> Void) throws(SystemFailure) {
    let started = try ServiceThread(trying: name, serve)
    thread.withLock { $0 = started }
  }

  /// True when the loop is to begin nothing new.
  package var stops: Bool { isStopping.load(ordering: .acquiring) }

  /// Tells the loop to end.
  package func end() {
    isStopping.store(true, ordering: .releasing)
    client.wake()
  }

  /// Waits until the loop has ended; a second call returns at once.
  package func join() { thread.withLock { $0 }?.join() }
}
