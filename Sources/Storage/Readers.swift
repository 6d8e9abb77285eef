import Synchronization

/// Read-only connections, lent to one thread at a time; a new one is opened when all are out.
package final class Readers: Sendable {
  private let path: String
  private let idle = Mutex<[Database]>([])

  init(path: String) {
    self.path = path
  }

  /// Runs a query now, on the calling thread; for point reads by key and for threads that may block.
  package func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    let lent = idle.withLock { $0.popLast() }
    let database = try lent ?? Database(path: path, mode: .reading)
    defer { idle.withLock { $0.append(database) } }
    return try body(database)
  }
}
