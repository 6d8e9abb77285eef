import Synchronization

/// Read-only connections, lent to one thread at a time; a new one is opened when all are out.
package final class Readers: Sendable {
  private let path: String
  private struct State {
    var idle: [Database] = []
    var isClosed = false
  }

  private let state = Mutex(State())

  init(path: String) {
    self.path = path
  }

  /// Runs a query now, on the calling thread; for point reads by key and for threads that may block.
  package func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    let lent = state.withLock { $0.idle.popLast() }
    let database = try lent ?? Database(path: path, mode: .reading)
    defer { state.withLock { if !$0.isClosed { $0.idle.append(database) } } }
    return try body(database)
  }

  /// Ends the connections, so that the writer's is the last one.
  func close() {
    state.withLock { state in
      state.isClosed = true
      state.idle = []
    }
  }
}
