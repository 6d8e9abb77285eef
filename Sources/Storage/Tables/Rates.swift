package import Basics

/// How much of their rates keys have used, so that a restart does not give it back.
package enum Rates {
  /// Whose rate it is.
  package enum Owner: Sendable, Hashable {
    case key(Int64)
    /// Somebody without a key, by a name that has the address in it.
    case visitor(String)
  }

  package struct Mark: Sendable, Equatable {
    package let owner: Owner
    package let permission: String
    /// When all of the rate is there again.
    package let fullAt: Timestamp

    package init(owner: Owner, permission: String, fullAt: Timestamp) {
      self.owner = owner
      self.permission = permission
      self.fullAt = fullAt
    }
  }

  package static func put(_ mark: Mark, in database: Database) throws {
    switch mark.owner {
    case .key(let key):
      try database.run(
        """
        INSERT INTO rates (key_id, permission, full_at)
        SELECT id, ?2, ?3 FROM keys WHERE id = ?1
        ON CONFLICT DO UPDATE
        SET full_at = excluded.full_at
        """, key, mark.permission, mark.fullAt)
    case .visitor(let visitor):
      try database.run(
        """
        INSERT INTO rates_of_visitors (visitor, permission, full_at)
        VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE
        SET full_at = excluded.full_at
        """, visitor, mark.permission, mark.fullAt)
    }
  }

  /// The marks that still matter.
  package static func all(after now: Timestamp, in database: Database) throws -> [Mark] {
    let keys = try database.all("SELECT key_id, permission, full_at FROM rates WHERE full_at > ?", now) { row in
      Mark(owner: .key(row.integer(0)), permission: row.text(1), fullAt: row.moment(2))
    }
    let visitors = try database.all(
      "SELECT visitor, permission, full_at FROM rates_of_visitors WHERE full_at > ?", now
    ) { row in
      Mark(owner: .visitor(row.text(0)), permission: row.text(1), fullAt: row.moment(2))
    }
    return keys + visitors
  }

  package static func deleteExpired(at now: Timestamp, in database: Database) throws {
    try database.run("DELETE FROM rates WHERE full_at <= ?", now)
    try database.run("DELETE FROM rates_of_visitors WHERE full_at <= ?", now)
  }
}
