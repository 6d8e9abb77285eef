package import Basics
import Synchronization

/// The exchange rates that the server fetches by itself, and how the last fetch went.
package final class DailyRates: Sendable {
  package struct Outcome: Sendable {
    package let at: Timestamp
    /// Why no rates came; nil where some did.
    package let error: String?
  }

  /// Where they are; empty for nowhere.
  package let url: String
  private let fetcher: RateFetcher
  private let desk: RateDesk
  private let clock: Clock
  private let outcome = Mutex<Outcome?>(nil)

  package init(url: String, fetcher: RateFetcher, desk: RateDesk, clock: Clock) {
    self.url = url
    self.fetcher = fetcher
    self.desk = desk
    self.clock = clock
  }

  /// How the newest fetch since the start went; nil before the first.
  package var last: Outcome? { outcome.withLock { $0 } }

  /// Fetches and takes them; it blocks, until `isStopping` says that nobody waits any more.
  ///
  /// Throws what `RateFetcher.fetch` and `RateDesk.take` do, and `Refusal.unreachedRates` where nobody has said from where.
  package func fetch(by actor: Actor, isStopping: () -> Bool = { false }) throws -> RateDesk.Imported {
    do {
      if url.isEmpty { throw Refusal.unreachedRates("WONDER_RATES_URL is not set") }
      let imported = try desk.take(
        try fetcher.fetch(url, isStopping: isStopping), source: RateDesk.source(of: url), by: actor)
      tell(nil)
      return imported
    } catch {
      if !url.isEmpty && !isStopping() { tell((error as? Refusal)?.message ?? "\(error)") }
      throw error
    }
  }

  private func tell(_ error: String?) {
    let now = Outcome(at: clock.now(), error: error)
    outcome.withLock { $0 = now }
  }
}
