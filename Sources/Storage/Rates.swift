package import Basics

/// How much of their rates keys have used, so that a restart does not give it back.
package enum Rates {
  package struct Mark: Sendable, Equatable {
    package let key: Int64
    package let permission: String
    /// When all of the rate is there again.
    package let fullAt: Timestamp

    package init(key: Int64, permission: String, fullAt: Timestamp) {
      self.key = key
      self.permission = permission
      self.fullAt = fullAt
    }
  }

  package static func put(_ mark: Mark, in database: Database) throws {
    try database.run(
      """
      INSERT INTO rates (key_id, permission, full_at)
      SELECT id, ?2, ?3 FROM keys WHERE id = ?1
      ON CONFLICT DO UPDATE
      SET full_at = excluded.full_at
      """, mark.key, mark.permission, mark.fullAt)
  }

  /// The marks that still matter.
  package static func all(after now: Timestamp, in database: Database) throws -> [Mark] {
    try database.all("SELECT key_id, permission, full_at FROM rates WHERE full_at > ?", now) { row in
      Mark(key: row.integer(0), permission: row.text(1), fullAt: row.moment(2))
    }
  }

  package static func deleteExpired(at now: Timestamp, in database: Database) throws {
    try database.run("DELETE FROM rates WHERE full_at <= ?", now)
  }
}
