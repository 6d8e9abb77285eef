package import Basics

/// The table of links that can be used once; the token itself is nowhere in it.
package enum OneTimeLinks {
  package enum Kind: String, Sendable {
    /// Makes the first administrator.
    case setup
    /// Lets a user choose a password.
    case password
  }

  package static func insert(
    _ kind: Kind, hash: [UInt8], user: Int64?, expiresAt: Timestamp, in database: Database
  ) throws {
    try database.run(
      "INSERT INTO one_time_links (hash, kind, user_id, expires_at) VALUES (?, ?, ?, ?)", hash, kind.rawValue, user,
      expiresAt)
  }

  /// True for a link that `take` would use up.
  package static func isGood(_ kind: Kind, hash: [UInt8], at now: Timestamp, in database: Database) throws -> Bool {
    try database.first(
      "SELECT 1 FROM one_time_links WHERE hash = ? AND kind = ? AND expires_at > ?", hash, kind.rawValue, now,
      row: { _ in true }) ?? false
  }

  /// Uses a link up: the user it was for (nil for the setup), or nil when there is no such link or its time is over.
  package static func take(_ kind: Kind, hash: [UInt8], at now: Timestamp, in database: Database) throws -> Int64?? {
    let found = try database.first(
      "DELETE FROM one_time_links WHERE hash = ? AND kind = ? RETURNING user_id, expires_at", hash, kind.rawValue,
      row: { (user: $0.optionalInteger(0), expiresAt: $0.moment(1)) })
    guard let found, found.expiresAt > now else { return nil }
    return .some(found.user)
  }

  /// Removes all links of a kind, or those of one user.
  package static func clear(_ kind: Kind, user: Int64? = nil, in database: Database) throws {
    try database.run(
      "DELETE FROM one_time_links WHERE kind = ?1 AND (?2 IS NULL OR user_id = ?2)", kind.rawValue, user)
  }

  /// Forgets at most `limit` links whose time is over; gives how many.
  package static func deleteExpired(at now: Timestamp, limit: Int, in database: Database) throws -> Int {
    try database.run(
      """
      DELETE FROM one_time_links
      WHERE hash IN (SELECT hash FROM one_time_links WHERE expires_at <= ? LIMIT ?)
      """, now, limit)
    return database.changes
  }
}
