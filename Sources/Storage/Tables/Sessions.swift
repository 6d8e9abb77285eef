package import Basics

/// The table of sessions; the token itself is nowhere in it.
package enum Sessions {
  package struct Session: Sendable, Equatable {
    package let id: Int64
    package let userID: Int64
    package let createdAt: Timestamp
    package let seenAt: Timestamp
    /// Where it was begun; empty for one of an older version.
    package let address: String
    /// What the browser called itself then.
    package let agent: String
    package let way: Way
  }

  /// By what somebody signed in.
  package enum Way: String, Sendable {
    case password
    /// The word of a proxy in front of the server, and only for as long as it stands.
    case proxy
    /// A provider of identities.
    case provider
  }

  package static func insert(
    _ user: Int64, hash: [UInt8], address: String = "", agent: String = "", way: Way = .password, at now: Timestamp,
    in database: Database
  ) throws {
    try database.run(
      """
      INSERT INTO sessions (user_id, hash, created_at, seen_at, address, agent, way)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, user, hash, now, now, address, agent, way.rawValue)
  }

  package static func find(hash: [UInt8], in database: Database) throws -> Session? {
    try database.first(
      "SELECT id, user_id, created_at, seen_at, address, agent, way FROM sessions WHERE hash = ?", hash, row: session)
  }

  /// A user's sessions, the newest first.
  package static func all(_ user: Int64, in database: Database) throws -> [Session] {
    try database.all(
      """
      SELECT id, user_id, created_at, seen_at, address, agent, way
      FROM sessions
      WHERE user_id = ?
      ORDER BY id DESC
      """, user, row: session)
  }

  private static func session(_ row: borrowing Row) throws -> Session {
    Session(
      id: row.integer(0), userID: row.integer(1), createdAt: row.moment(2), seenAt: row.moment(3),
      address: row.text(4), agent: row.text(5), way: try row.word(6))
  }

  /// Ends one session of a user; false when there is none with this number.
  package static func delete(_ id: Int64, of user: Int64, in database: Database) throws -> Bool {
    try database.run("DELETE FROM sessions WHERE id = ? AND user_id = ?", id, user)
    return database.changes == 1
  }

  /// Ends all sessions of a user.
  package static func deleteAll(_ user: Int64, in database: Database) throws {
    try database.run("DELETE FROM sessions WHERE user_id = ?", user)
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
