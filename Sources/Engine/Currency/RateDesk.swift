package import Basics
import Conversion
package import Storage

/// The exchange rates of this server: how they come in, and how old they are.
package struct RateDesk: Sendable {
  /// After so long the newest rate is old: a weekend with a holiday at each end has none.
  package static let longestAge = Duration.seconds(5 * 86_400)
  /// Bytes of a file of rates.
  package static let mostBytes = RateFile.mostBytes
  /// Bytes of a source's name.
  private static let longestSource = 60

  private let store: Store
  private let clock: Clock

  package init(store: Store, clock: Clock) {
    self.store = store
    self.clock = clock
  }

  /// What came of an import.
  package struct Imported: Sendable, Equatable {
    package let rates: Int
    package let pairs: Int
    package let firstDay: String
    package let lastDay: String
  }

  /// Takes all rates of a file in one transaction, or none; it blocks.
  ///
  /// `source` is who says those of a file that names nobody. Throws `Refusal.unreadableRates` with the place of the first thing that is wrong.
  package func take(_ bytes: [UInt8], source: String, by actor: Actor) throws -> Imported {
    let rates: [QuotedRate]
    do { rates = try RateFile.read(bytes) } catch let fault as RateFault {
      throw Refusal.unreadableRates("\(fault)")
    }
    let now = clock.now()
    let usual = RateDesk.clean(source)
    var pairs: Set<[String]> = []
    for rate in rates { pairs.insert([rate.base, rate.quote]) }
    let days = rates.map(\.day)
    let result = Imported(rates: rates.count, pairs: pairs.count, firstDay: days.min() ?? "", lastDay: days.max() ?? "")
    let known = pairs
    try store.writeBlocking { database in
      for rate in rates {
        let source = rate.source.map(RateDesk.clean) ?? usual
        try ExchangeRates.set(
          ExchangeRate(base: rate.base, quote: rate.quote, day: rate.day, rate: rate.rate, source: source), at: now,
          in: database)
      }
      for pair in known { try ExchangeRates.setPair(base: pair[0], quote: pair[1], in: database) }
      try actor.record("rates.import", usual, "\(rates.count) up to \(result.lastDay)", at: now, in: database)
    }
    return result
  }

  /// The newest rate of each pair.
  package func all() throws -> [ExchangeRate] { try store.read { try ExchangeRates.all(in: $0) } }

  /// How long ago the newest day began that there is a rate of; nil without any.
  package func age() throws -> Duration? {
    let now = clock.now()
    return try all().map(\.day).max().flatMap { Moment.read($0, at: now) }.map { now - $0 }
  }

  /// Who says the rates at an address that names nobody: its host, without who asks it.
  package static func source(of url: String) -> String {
    let place = url.drop { $0 != ":" }.dropFirst(3).prefix { !"/?#".contains($0) }
    return String(place.split(separator: "@", omittingEmptySubsequences: false).last?.prefix { $0 != ":" } ?? "")
  }

  /// Without what would break a line, and not too long.
  private static func clean(_ source: String) -> String {
    let shown = source.unicodeScalars.filter { $0.properties.generalCategory != .control }
    return String(String.UnicodeScalarView(shown.prefix(longestSource)))
  }
}
