package import Basics

/// The table of sessions; the token itself is nowhere in it.
package enum Sessions {
  package struct Session: Sendable, Equatable {
    package let id: Int64
    package let userID: Int64
    package let createdAt: Timestamp
    package let seenAt: Timestamp
  }

  package static func insert(_ user: Int64, hash: [UInt8], at now: Timestamp, in database: Database) throws {
    try database.run(
      "INSERT INTO sessions (user_id, hash, created_at, seen_at) VALUES (?, ?, ?, ?)", user, hash, now, now)
  }

  package static func find(hash: [UInt8], in database: Database) throws -> Session? {
    try database.first("SELECT id, user_id, created_at, seen_at FROM sessions WHERE hash = ?", hash) { row in
      Session(id: row.integer(0), userID: row.integer(1), createdAt: row.moment(2), seenAt: row.moment(3))
    }
  }

  /// A user's sessions, the newest first.
  package static func all(_ user: Int64, in database: Database) throws -> [Session] {
    try database.all(
      "SELECT id, user_id, created_at, seen_at FROM sessions WHERE user_id = ? ORDER BY id DESC", user
    ) { row in
      Session(id: row.integer(0), userID: row.integer(1), createdAt: row.moment(2), seenAt: row.moment(3))
    }
  }

  /// Ends a user's sessions but one.
  package static func deleteOthers(_ user: Int64, than hash: [UInt8], in database: Database) throws {
    try database.run("DELETE FROM sessions WHERE user_id = ? AND hash <> ?", user, hash)
  }

  package static func touch(_ session: Int64, at now: Timestamp, in database: Database) throws {
    try database.run("UPDATE sessions SET seen_at = ? WHERE id = ?", now, session)
  }

  package static func delete(hash: [UInt8], in database: Database) throws {
    try database.run("DELETE FROM sessions WHERE hash = ?", hash)
  }

  /// Forgets at most `limit` sessions that nobody has used since `unused` or that began before `begun`; gives how many.
  package static func deleteEnded(
    unused: Timestamp, begun: Timestamp, limit: Int, in database: Database
  ) throws -> Int {
    try database.run(
      """
      DELETE FROM sessions
      WHERE id IN (SELECT id FROM sessions WHERE seen_at <= ? OR created_at <= ? LIMIT ?)
      """, unused, begun, limit)
    return database.changes
  }
}
