package import Basics

/// A team's own space: its jobs, keys and limits are nobody else's.
package struct Workspace: Sendable, Equatable {
  package enum State: String, Sendable, CaseIterable {
    case pending, approved, suspended
  }

  package let id: Int64
  package let slug: String
  package let name: String
  package let plan: String
  package let state: State
  /// The address of whoever asked for it.
  package let owner: String?
  /// How long files are kept after their job has ended; nil for the server's own time.
  package let retention: Duration?
}

/// The table of workspaces.
package enum Workspaces {
  /// Adds an approved workspace and gives its row number.
  package static func insert(
    slug: String, name: String, plan: String, owner: String? = nil, at now: Timestamp, in database: Database
  ) throws -> Int64 {
    try database.run(
      """
      INSERT INTO workspaces (slug, name, plan, owner, state, created_at)
      VALUES (?, ?, ?, ?, 'approved', ?)
      """, slug, name, plan, owner, now)
    return database.lastRow
  }

  package static func setState(_ workspace: Int64, _ state: Workspace.State, in database: Database) throws {
    try database.run("UPDATE workspaces SET state = ? WHERE id = ?", state.rawValue, workspace)
  }

  /// Deletes a workspace's row with its keys, members and endpoints; its jobs have to be gone before.
  package static func delete(_ workspace: Int64, in database: Database) throws {
    try database.run("DELETE FROM workspaces WHERE id = ?", workspace)
  }

  package static func setPlan(_ workspace: Int64, _ plan: String, in database: Database) throws {
    try database.run("UPDATE workspaces SET plan = ? WHERE id = ?", plan, workspace)
  }

  /// Sets how long a workspace's files are kept; nil for the server's own time.
  package static func setRetention(_ workspace: Int64, _ retention: Duration?, in database: Database) throws {
    try database.run("UPDATE workspaces SET retention = ? WHERE id = ?", retention?.milliseconds, workspace)
  }

  package static func find(slug: String, in database: Database) throws -> Workspace? {
    try database.first(
      """
      SELECT id, slug, name, plan, state, retention, owner
      FROM workspaces
      WHERE slug = ?
      """, slug, row: workspace)
  }

  /// Every workspace, in the order of their slugs.
  package static func all(in database: Database) throws -> [Workspace] {
    try database.all(
      """
      SELECT id, slug, name, plan, state, retention, owner
      FROM workspaces
      ORDER BY slug
      """, row: workspace)
  }

  /// The first of the workspace's next `count` job numbers, counted up in the caller's transaction.
  package static func nextJobNumbers(_ workspace: Int64, count: Int, in database: Database) throws -> Int64 {
    try database.first(
      """
      UPDATE workspaces
      SET last_job_number = last_job_number + ?
      WHERE id = ?
      RETURNING last_job_number
      """, count, workspace, row: { $0.integer(0) - Int64(count) + 1 }) ?? 0
  }

  private static func workspace(_ row: borrowing Row) throws -> Workspace {
    Workspace(
      id: row.integer(0), slug: row.text(1), name: row.text(2), plan: row.text(3),
      state: try row.word(4),
      owner: row.optionalText(6), retention: row.optionalInteger(5).map { .milliseconds($0) })
  }
}
