package import Basics

/// The table of people who may sign in, and of what they may do where.
package enum Users {
  package static func insert(email: String, isAdmin: Bool, at now: Timestamp, in database: Database) throws -> Int64 {
    try database.run(
      "INSERT INTO users (email, is_admin, created_at) VALUES (?, ?, ?)", email, isAdmin, now)
    return database.lastRow
  }

  package static func all(in database: Database) throws -> [User] {
    try database.all(
      "SELECT id, email, is_admin, password IS NOT NULL, created_at FROM users ORDER BY email", row: user)
  }

  /// By address, whatever the case of its letters.
  package static func find(email: String, in database: Database) throws -> User? {
    try database.first(
      "SELECT id, email, is_admin, password IS NOT NULL, created_at FROM users WHERE email = ?", email, row: user)
  }

  package static func find(id: Int64, in database: Database) throws -> User? {
    try database.first(
      "SELECT id, email, is_admin, password IS NOT NULL, created_at FROM users WHERE id = ?", id, row: user)
  }

  /// True when somebody administers the appliance.
  package static func hasAdmin(in database: Database) throws -> Bool {
    try database.first("SELECT 1 FROM users WHERE is_admin = 1 LIMIT 1", row: { _ in true }) ?? false
  }

  /// The stored hash of a user's password.
  package static func password(_ user: Int64, in database: Database) throws -> String? {
    try database.first("SELECT password FROM users WHERE id = ?", user, row: { $0.optionalText(0) }) ?? nil
  }

  /// Stores the hash of a new password and ends every session and link of the user.
  package static func setPassword(_ user: Int64, hash: String, in database: Database) throws {
    try database.run("UPDATE users SET password = ? WHERE id = ?", hash, user)
    try database.run("DELETE FROM sessions WHERE user_id = ?", user)
    try database.run("DELETE FROM one_time_links WHERE user_id = ?", user)
  }

  /// Makes somebody an administrator, after whom no setup link is good any more, or takes that away.
  package static func setAdmin(_ user: Int64, _ isAdmin: Bool, in database: Database) throws {
    try database.run("UPDATE users SET is_admin = ? WHERE id = ?", isAdmin, user)
    if isAdmin { try OneTimeLinks.clear(.setup, in: database) }
  }

  /// Removes a user with sessions, links and memberships; false when there is none with this address.
  package static func remove(email: String, in database: Database) throws -> Bool {
    try database.run("DELETE FROM users WHERE email = ?", email)
    return database.changes == 1
  }

  package static func join(
    _ user: Int64, workspace: Int64, as role: Membership.Role, in database: Database
  ) throws {
    try database.run(
      """
      INSERT INTO members (user_id, workspace_id, role)
      VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE
      SET role = excluded.role
      """, user, workspace, role.rawValue)
  }

  package static func leave(_ user: Int64, workspace: Int64, in database: Database) throws {
    try database.run("DELETE FROM members WHERE user_id = ? AND workspace_id = ?", user, workspace)
  }

  package static func countAdmins(in database: Database) throws -> Int64 {
    try database.first("SELECT count(*) FROM users WHERE is_admin = 1", row: { $0.integer(0) }) ?? 0
  }

  /// Where a user is a member, in the order of the slugs.
  package static func memberships(_ user: Int64, in database: Database) throws -> [Membership] {
    try database.all(
      """
      SELECT workspace_id, slug, role
      FROM members
      JOIN workspaces ON workspaces.id = members.workspace_id
      WHERE user_id = ?
      ORDER BY slug
      """, user
    ) { row in
      Membership(
        workspaceID: row.integer(0), workspace: row.text(1), role: try row.word(2))
    }
  }

  private static func user(_ row: borrowing Row) -> User {
    User(
      id: row.integer(0), email: row.text(1), isAdmin: row.flag(2), hasPassword: row.flag(3), createdAt: row.moment(4))
  }
}
