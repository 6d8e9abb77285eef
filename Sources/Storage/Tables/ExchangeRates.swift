package import Basics

/// What one of a currency is in another, as somebody has said it of a day.
package struct ExchangeRate: Sendable, Equatable {
  package let base: String
  package let quote: String
  /// "2026-11-27".
  package let day: String
  /// As it was written.
  package let rate: String
  package let source: String

  package init(base: String, quote: String, day: String, rate: String, source: String) {
    self.base = base
    self.quote = quote
    self.day = day
    self.rate = rate
    self.source = source
  }
}

/// The table of exchange rates.
package enum ExchangeRates {
  /// Adds a rate, or changes that of the same pair and day.
  package static func set(_ rate: ExchangeRate, at now: Timestamp, in database: Database) throws {
    try database.run(
      """
      INSERT INTO exchange_rates (base, quote, day, rate, source, imported_at)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (base, quote, day) DO UPDATE
      SET rate = excluded.rate, source = excluded.source, imported_at = excluded.imported_at
      """, rate.base, rate.quote, rate.day, rate.rate, rate.source, now)
  }

  /// Notes that there are rates of a pair.
  package static func setPair(base: String, quote: String, in database: Database) throws {
    try database.run("INSERT OR IGNORE INTO exchange_pairs (base, quote) VALUES (?, ?)", base, quote)
  }

  /// The newest rate of a pair in this direction.
  package static func newest(base: String, quote: String, in database: Database) throws -> ExchangeRate? {
    try database.first(
      """
      SELECT base, quote, day, rate, source
      FROM exchange_rates
      WHERE base = ? AND quote = ?
      ORDER BY day DESC
      LIMIT 1
      """, base, quote, row: rate)
  }

  /// The currencies that there are rates of against this one, in either direction.
  package static func neighbours(of currency: String, in database: Database) throws -> [String] {
    try database.all(
      """
      SELECT quote FROM exchange_pairs WHERE base = ?1
      UNION
      SELECT base FROM exchange_pairs WHERE quote = ?1
      """, currency, row: { $0.text(0) })
  }

  /// The newest rate of each pair.
  package static func all(in database: Database) throws -> [ExchangeRate] {
    let pairs = try database.all(
      "SELECT base, quote FROM exchange_pairs ORDER BY base, quote", row: { ($0.text(0), $0.text(1)) })
    return try pairs.compactMap { try newest(base: $0, quote: $1, in: database) }
  }

  private static func rate(_ row: borrowing Row) -> ExchangeRate {
    ExchangeRate(base: row.text(0), quote: row.text(1), day: row.text(2), rate: row.text(3), source: row.text(4))
  }
}
