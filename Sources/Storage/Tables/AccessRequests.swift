package import Basics

/// What somebody asked for who wants to use the API.
package struct AccessRequest: Sendable, Equatable {
  package enum State: String, Sendable, CaseIterable {
    case pending, approved, rejected
  }

  package let id: Int64
  package let email: String
  package let company: String
  package let useCase: String
  package let volume: String
  package let state: State
  package let decidedBy: String?
  package let decidedAt: Timestamp?
  package let reason: String?
  package let createdAt: Timestamp
  /// The slug of the workspace that came of it.
  package let workspace: String?
}

/// The table of access requests.
package enum AccessRequests {
  package static func insert(
    email: String, company: String, useCase: String, volume: String, address: String, at now: Timestamp,
    in database: Database
  ) throws -> Int64 {
    try database.run(
      """
      INSERT INTO access_requests (email, company, use_case, volume, address, state, created_at)
      VALUES (?, ?, ?, ?, ?, 'pending', ?)
      """, email, company, useCase, volume, address, now)
    return database.lastRow
  }

  /// The newest first; `state` nil means any.
  package static func list(_ state: AccessRequest.State?, limit: Int, in database: Database) throws -> [AccessRequest] {
    try database.all(
      """
      SELECT access_requests.id, email, company, use_case, volume, access_requests.state, decided_by, decided_at, reason,
        access_requests.created_at, slug
      FROM access_requests
      LEFT JOIN workspaces ON workspaces.id = access_requests.workspace_id
      WHERE ?1 IS NULL OR access_requests.state = ?1
      ORDER BY access_requests.id DESC
      LIMIT ?2
      """, state?.rawValue, limit, row: request)
  }

  package static func find(id: Int64, in database: Database) throws -> AccessRequest? {
    try database.first(
      """
      SELECT access_requests.id, email, company, use_case, volume, access_requests.state, decided_by, decided_at, reason,
        access_requests.created_at, slug
      FROM access_requests
      LEFT JOIN workspaces ON workspaces.id = access_requests.workspace_id
      WHERE access_requests.id = ?
      """, id, row: request)
  }

  /// The newest request of an address, whatever became of it.
  package static func newest(email: String, in database: Database) throws -> Int64? {
    try database.first(
      "SELECT id FROM access_requests WHERE email = ? ORDER BY id DESC LIMIT 1", email, row: { $0.integer(0) })
  }

  /// How many wait for a decision.
  package static func countPending(in database: Database) throws -> Int {
    try database.first("SELECT count(*) FROM access_requests WHERE state = 'pending'", row: { $0.int(0) }) ?? 0
  }

  /// Records a decision; false when there was one already.
  package static func decide(
    id: Int64, _ state: AccessRequest.State, workspace: Int64?, by actor: String, reason: String?, at now: Timestamp,
    in database: Database
  ) throws -> Bool {
    try database.run(
      """
      UPDATE access_requests
      SET state = ?, workspace_id = ?, decided_by = ?, reason = ?, decided_at = ?
      WHERE id = ? AND state = 'pending'
      """, state.rawValue, workspace, actor, reason, now, id)
    return database.changes == 1
  }

  private static func request(_ row: borrowing Row) throws -> AccessRequest {
    AccessRequest(
      id: row.integer(0), email: row.text(1), company: row.text(2), useCase: row.text(3), volume: row.text(4),
      state: try row.word(5), decidedBy: row.optionalText(6),
      decidedAt: row.optionalMoment(7), reason: row.optionalText(8), createdAt: row.moment(9),
      workspace: row.optionalText(10))
  }
}
