package import Basics

/// An amount of one currency that was told in another.
package struct Exchange: Sendable, Equatable {
  /// One rate on the way.
  package struct Leg: Sendable, Equatable {
    package let rate: ExchangeRate
    /// True when the amount was divided by it, for it is the rate of the other direction.
    package let isInverse: Bool

    package init(_ rate: ExchangeRate, isInverse: Bool) {
      self.rate = rate
      self.isInverse = isInverse
    }
  }

  package let id: Int64
  package let workspaceID: Int64
  package let idempotencyKey: String?
  /// As it was given.
  package let amount: String
  package let base: String
  package let quote: String
  /// Digits behind the point of the result.
  package let digits: Int
  package let result: String
  package let path: [Leg]
  package let createdAt: Timestamp

  package init(
    id: Int64 = 0, workspaceID: Int64, idempotencyKey: String? = nil, amount: String, base: String, quote: String,
    digits: Int, result: String, path: [Leg], createdAt: Timestamp
  ) {
    self.id = id
    self.workspaceID = workspaceID
    self.idempotencyKey = idempotencyKey
    self.amount = amount
    self.base = base
    self.quote = quote
    self.digits = digits
    self.result = result
    self.path = path
    self.createdAt = createdAt
  }
}

/// The table of exchanges.
package enum Exchanges {
  /// Adds one in the caller's transaction and gives it with its row.
  package static func insert(_ exchange: Exchange, in database: Database) throws -> Exchange {
    try database.run(
      """
      INSERT INTO exchanges (workspace_id, idempotency_key, amount, base, quote, digits, result, path, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, exchange.workspaceID, exchange.idempotencyKey, exchange.amount, exchange.base, exchange.quote,
      exchange.digits, exchange.result, exchange.path.map(line).joined(separator: "\n"), exchange.createdAt)
    return Exchange(
      id: database.lastRow, workspaceID: exchange.workspaceID, idempotencyKey: exchange.idempotencyKey,
      amount: exchange.amount, base: exchange.base, quote: exchange.quote, digits: exchange.digits,
      result: exchange.result, path: exchange.path, createdAt: exchange.createdAt)
  }

  /// What a workspace was told under a key before.
  package static func find(_ workspace: Int64, key: String, in database: Database) throws -> Exchange? {
    try database.first(
      """
      SELECT id, workspace_id, idempotency_key, amount, base, quote, digits, result, path, created_at
      FROM exchanges
      WHERE workspace_id = ? AND idempotency_key = ?
      """, workspace, key
    ) { row in
      Exchange(
        id: row.integer(0), workspaceID: row.integer(1), idempotencyKey: row.optionalText(2), amount: row.text(3),
        base: row.text(4), quote: row.text(5), digits: row.int(6), result: row.text(7),
        path: row.text(8).split(separator: "\n").compactMap(leg), createdAt: row.moment(9))
    }
  }

  /// Deletes those before `moment`; gives how many.
  package static func deleteHistory(before moment: Timestamp, limit: Int, in database: Database) throws -> Int {
    try database.run(
      """
      DELETE FROM exchanges
      WHERE id IN (
        SELECT id
        FROM exchanges
        WHERE created_at < ?
        ORDER BY created_at
        LIMIT ?
      )
      """, moment, limit)
    return database.changes
  }

  private static func line(_ leg: Exchange.Leg) -> String {
    let rate = leg.rate
    return [leg.isInverse ? "/" : "*", rate.base, rate.quote, rate.day, rate.rate, rate.source].joined(separator: " ")
  }

  private static func leg(_ line: Substring) -> Exchange.Leg? {
    let parts = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 6 else { return nil }
    return Exchange.Leg(
      ExchangeRate(base: parts[1], quote: parts[2], day: parts[3], rate: parts[4], source: parts[5]),
      isInverse: parts[0] == "/")
  }
}
