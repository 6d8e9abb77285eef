package import Basics

/// The table of links that may be used so many times only.
package enum LinkUses {
  /// Counts one use of a link; false when there were `most` already.
  package static func take(
    _ code: [UInt8], most: Int64, expiresAt: Timestamp, in database: Database
  ) throws -> Bool {
    try database.run(
      """
      INSERT INTO link_uses (code, uses, expires_at)
      VALUES (?, 1, ?)
      ON CONFLICT DO UPDATE
      SET uses = uses + 1
      WHERE uses < ?
      """, code, expiresAt, most)
    return database.changes == 1
  }

  /// True while a link may be used once more.
  package static func isLeft(_ code: [UInt8], most: Int64, in database: Database) throws -> Bool {
    let uses = try database.first("SELECT uses FROM link_uses WHERE code = ?", code, row: { $0.integer(0) })
    return uses ?? 0 < most
  }

  /// Deletes at most `limit` rows whose links have expired; gives how many.
  package static func deleteExpired(at now: Timestamp, limit: Int, in database: Database) throws -> Int {
    try database.run(
      """
      DELETE FROM link_uses
      WHERE code IN (
        SELECT code
        FROM link_uses
        WHERE expires_at < ?
        ORDER BY expires_at
        LIMIT ?
      )
      """, now, limit)
    return database.changes
  }
}
