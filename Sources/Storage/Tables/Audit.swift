package import Basics

/// Who did what: every change that an operator or a user made.
package enum Audit {
  package struct Entry: Sendable, Equatable {
    package let id: Int64
    package let at: Timestamp
    /// The user's address, or the system user on the socket.
    package let actor: String
    /// Where from.
    package let address: String
    package let action: String
    package let subject: String
    package let detail: String
  }

  package static func insert(
    actor: String, address: String, action: String, subject: String, detail: String = "", at now: Timestamp,
    in database: Database
  ) throws {
    try database.run(
      "INSERT INTO audit (at, actor, address, action, subject, detail) VALUES (?, ?, ?, ?, ?, ?)", now, actor, address,
      action, subject, detail)
  }

  /// Entries below number `before`, the newest first.
  package static func list(before: Int64, limit: Int, in database: Database) throws -> [Entry] {
    try database.all(
      """
      SELECT id, at, actor, address, action, subject, detail
      FROM audit
      WHERE id < ?
      ORDER BY id DESC
      LIMIT ?
      """, before, limit
    ) { row in
      Entry(
        id: row.integer(0), at: row.moment(1), actor: row.text(2), address: row.text(3), action: row.text(4),
        subject: row.text(5), detail: row.text(6))
    }
  }
}
