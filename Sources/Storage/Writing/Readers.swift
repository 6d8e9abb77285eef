import Basics
import Synchronization

/// Read-only connections, lent to one thread at a time; a new one is opened when all are out, and closed when enough are idle.
///
/// A connection keeps its snapshot of the database from one query to the next as long as nothing was committed, because
/// to take a snapshot costs two calls of the system for each statement, more than most of the statements themselves.
package final class Readers: Sendable {
  private struct Connection {
    let database: Database
    /// The number of the last commit before its snapshot was taken, or nil when it has none.
    var snapshot: UInt64?
    /// How often snapshots were let go before it was taken.
    var turn: UInt64 = 0
  }

  private struct State {
    var idle: [Connection] = []
    var isClosed = false
  }

  /// The most idle connections of a stripe, so two for each of sixteen: a connection keeps the schema and pages, some 300 KB,
  /// and more than a few threads are never in the middle of a query but when the machine has no turn for them.
  private static let mostIdle = 2

  private let path: String
  private let commits: CommitCounter
  private let place: DatabasePlace?
  private let stripes = Striped { State() }
  private let turns = Atomic<UInt64>(0)

  init(path: String, commits: CommitCounter, place: DatabasePlace? = nil) {
    self.place = place
    self.path = path
    self.commits = commits
  }

  /// Runs a query now, on the calling thread; for point reads by key and for threads that may block.
  ///
  /// It sees everything that was committed before it was called.
  package func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    var connection = try stripes.first { $0.idle.popLast() } ?? open()
    do {
      // Read before the snapshot is taken: a commit in between makes it newer than its number says, never older.
      let commit = commits.number.load(ordering: .acquiring)
      if connection.snapshot != commit {
        try Readers.letGo(&connection)
        connection.turn = turns.load(ordering: .acquiring)
        try connection.database.run("BEGIN")
        connection.snapshot = commit
      }
      let value = try body(connection.database)
      giveBack(connection)
      return value
    } catch let failure as DatabaseFailure {
      // What state the connection is in is not known any more.
      throw failure
    } catch {
      giveBack(connection)
      throw error
    }
  }

  private func open() throws -> Connection {
    let connection = Connection(database: try Database(path: path, mode: .reading))
    // Another file at this path is another database, of which nothing must be read.
    if let loss = place?.lossOfDatabase() { throw loss }
    return connection
  }

  /// Ends the snapshots of connections that nobody uses, so that the log can be folded into the database; whoever uses one
  /// now ends it after that.
  func letGo() {
    turns.add(1, ordering: .acquiringAndReleasing)
    // In their places: a reader that found none would open another one, each time.
    stripes.each { state in
      for index in state.idle.indices.reversed() where (try? Readers.letGo(&state.idle[index])) == nil {
        state.idle.remove(at: index)
      }
    }
  }

  /// Ends the connections, so that the writer's is the last one.
  func close() {
    stripes.each { state in
      state.isClosed = true
      state.idle = []
    }
  }

  private static func letGo(_ connection: inout Connection) throws {
    guard connection.snapshot != nil else { return }
    connection.snapshot = nil
    try connection.database.run("COMMIT")
  }

  private func giveBack(_ connection: Connection) {
    var connection = connection
    if connection.turn != turns.load(ordering: .acquiring) {
      guard (try? Readers.letGo(&connection)) != nil else { return }
    }
    // One that finds no room is closed when it is let go of here.
    _ = stripes.first { [connection] state -> Bool? in
      guard state.idle.count < Readers.mostIdle else { return nil }
      if !state.isClosed { state.idle.append(connection) }
      return true
    }
  }
}
