import Basics
import Storage

/// Writes down, about once a second and only when something changed, what keys have used of their rates and when they
/// were used; so a read costs no write, and a restart gives nobody a second minute's worth.
package final class RateRecorder: Sendable {
  /// What a crash may lose.
  static let period = Duration.seconds(1)

  private let store: Store
  private let clock: Clock
  private let log: Log
  private let limiter: RateLimiter
  private let uses: KeyUses
  private let bell: Doorbell
  /// Closed at the end; never rung.
  private let rest = Doorbell()

  init(store: Store, clock: Clock, log: Log, limiter: RateLimiter, uses: KeyUses, bell: Doorbell) {
    self.store = store
    self.clock = clock
    self.log = log
    self.limiter = limiter
    self.uses = uses
    self.bell = bell
  }

  /// Goes on from what an earlier run wrote down.
  func restore() throws {
    limiter.restore(try store.read { try Rates.all(after: clock.now(), in: $0) })
  }

  /// Writes until `stop` is called; runs on a thread of its caller.
  package func serve() {
    var setback = Setback("cannot write rates down", log: log)
    var pause = RateRecorder.period
    while bell.wait() {
      _ = rest.wait(timeout: pause)
      pause = record(&setback)
    }
    _ = record(&setback)
  }

  /// Lets `serve` write for the last time and return.
  package func stop() {
    rest.close()
    bell.close()
  }

  /// Gives how long to wait before the next time.
  private func record(_ setback: inout Setback) -> Duration {
    let (marks, used) = (limiter.takeMarks(), uses.take())
    guard !marks.isEmpty || !used.isEmpty else { return RateRecorder.period }
    do {
      let now = clock.now()
      try store.writeBlocking { database in
        for mark in marks { try Rates.put(mark, in: database) }
        for (key, moment) in used { try Keys.setUsed(id: key, at: moment, in: database) }
        try Rates.deleteExpired(at: now, in: database)
      }
      setback.worked()
    } catch StoreFailure.stoppedWriting, StoreFailure.lost, StoreFailure.closed {
      // Said already, and nothing will be written any more.
    } catch {
      // The next second's figures include these.
      return setback.failed(error)
    }
    return RateRecorder.period
  }
}
