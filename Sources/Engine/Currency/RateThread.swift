package import Basics
import Synchronization

/// Fetches the exchange rates once a day, while the server runs and somebody has said from where.
package final class RateThread: Sendable {
  /// From one fetch that brought rates to the next.
  static let period = Duration.seconds(86_400)
  /// After one that did not.
  static let pause = Duration.seconds(3600)

  private let rates: DailyRates
  private let log: Log
  private let bell = Doorbell()
  private let isStopping = Atomic(false)

  package init(_ rates: DailyRates, log: Log) {
    self.rates = rates
    self.log = log
  }

  /// Fetches until `stop` is called; runs on a thread of its caller.
  package func serve() {
    var rest = Duration.zero
    while !bell.wait(timeout: rest) { rest = fetch() ? RateThread.period : RateThread.pause }
  }

  package func stop() {
    isStopping.store(true, ordering: .releasing)
    bell.ring()
  }

  private func fetch() -> Bool {
    do {
      let imported = try rates.fetch(by: Actor(name: "daily", address: "-")) { isStopping.load(ordering: .acquiring) }
      log.info("exchange rates fetched", ["rates": String(imported.rates), "day": imported.lastDay])
      return true
    } catch {
      if isStopping.load(ordering: .acquiring) { return false }
      log.warning("exchange rates could not be fetched", ["error": "\(error)"])
      return false
    }
  }
}
