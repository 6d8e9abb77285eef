import Basics
import Engine
import HTTP
import Storage
import Synchronization

/// Looks every few seconds whether what the server stands on is where it was, and makes again what can be.
final class Lookout: Sendable {
  static let period = Duration.seconds(5)

  private struct State {
    var thread: ServiceThread?
    var server: Server?
    /// What was wrong with the sockets last, so that it is logged once.
    var told: [String] = []
  }

  private let store: Store
  private let followers: Followers
  private let clock: ClockWatch
  private let log: Log
  private let bell = Doorbell()
  private let state = Mutex(State())

  init(store: Store, followers: Followers, clock: ClockWatch, log: Log) {
    self.store = store
    self.followers = followers
    self.clock = clock
    self.log = log
  }

  /// Begins to look, and minds the sockets of this server, too.
  func start(minding server: Server) throws(SystemFailure) {
    let thread = try ServiceThread(trying: "lookout") { [self] in
      while !bell.wait(timeout: Lookout.period) {
        _ = look()
        followers.tidy()
      }
    }
    state.withLock { $0 = State(thread: thread, server: server) }
  }

  func stop() {
    let thread = state.withLock { state in
      defer { state = State() }
      return state.thread
    }
    bell.ring()
    thread?.join()
  }

  /// Looks now; gives what keeps the server from its work, in words for the operator.
  func look() -> [String] {
    clock.isSteady()
    mendSockets()
    return store.lookUnderneath()
  }

  private func mendSockets() {
    state.withLock { state in
      guard let (problems, mended) = state.server?.mendSockets() else { return }
      for path in mended { log.warning("a socket was removed or replaced, and was bound again", ["path": path]) }
      for problem in problems where !state.told.contains(problem) { log.error("a socket is gone", ["reason": problem]) }
      state.told = problems
    }
  }
}
