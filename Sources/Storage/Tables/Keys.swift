package import Basics

/// The table of API keys.
package enum Keys {
  /// Stores the SHA-256 of a new key, with the origins that may use a public one.
  package static func insert(_ key: NewKeyRow, in database: Database) throws -> Int64 {
    try database.run(
      """
      INSERT INTO keys (workspace_id, hash, hint, name, kind, may_read, may_submit, webhook_secret, expires_at, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, key.workspaceID, key.hash, key.hint, key.name, key.kind.rawValue, key.mayRead, key.maySubmit,
      key.webhookSecret, key.expiresAt, key.createdAt)
    let id = database.lastRow
    for origin in key.origins {
      try database.run("INSERT OR IGNORE INTO key_origins (origin, key_id) VALUES (?, ?)", origin, id)
    }
    return id
  }

  /// The keys of one workspace, or of all, the oldest first.
  package static func list(workspace slug: String?, in database: Database) throws -> [ListedKey] {
    try database.all(
      """
      SELECT keys.id, workspaces.id, workspaces.slug, keys.name, keys.hint, keys.kind, keys.may_read, keys.may_submit,
        keys.created_at, keys.last_used_at, keys.expires_at, keys.revoked_at
      FROM keys
      JOIN workspaces ON workspaces.id = keys.workspace_id
      WHERE ?1 IS NULL OR workspaces.slug = ?1
      ORDER BY keys.id
      """, slug
    ) { row in
      ListedKey(
        id: row.integer(0), workspaceID: row.integer(1), workspace: row.text(2), name: row.text(3), hint: row.text(4),
        kind: try row.word(5), mayRead: row.flag(6), maySubmit: row.flag(7),
        createdAt: row.moment(8), lastUsedAt: row.optionalMoment(9), expiresAt: row.optionalMoment(10),
        revokedAt: row.optionalMoment(11))
    }
  }

  /// The workspace that a key belongs to, or nil when there is no such key.
  package static func workspace(ofKey id: Int64, in database: Database) throws -> Int64? {
    try database.first("SELECT workspace_id FROM keys WHERE id = ?", id, row: { $0.integer(0) })
  }

  /// Ends a key at once; false when there is none with this number.
  package static func revoke(id: Int64, at now: Timestamp, in database: Database) throws -> Bool {
    try database.run("UPDATE keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?", now, id)
    return database.changes == 1
  }

  package static func setUsed(id: Int64, at moment: Timestamp, in database: Database) throws {
    try database.run("UPDATE keys SET last_used_at = ? WHERE id = ?", moment, id)
  }

  /// What signs the webhooks of requests that bring their own address.
  package static func webhookSecret(id: Int64, in database: Database) throws -> String? {
    try database.first("SELECT webhook_secret FROM keys WHERE id = ?", id, row: { $0.text(0) })
  }

  /// True when pages of this origin may use this key.
  package static func allows(origin: String, key: Int64, in database: Database) throws -> Bool {
    try database.first(
      "SELECT 1 FROM key_origins WHERE origin = ? AND key_id = ?", origin, key, row: { _ in true }) ?? false
  }

  /// True when pages of this origin may use some key, which is all that a browser's question before a request tells.
  package static func allows(origin: String, at now: Timestamp, in database: Database) throws -> Bool {
    try database.first(
      """
      SELECT 1
      FROM key_origins
      JOIN keys ON keys.id = key_origins.key_id
      JOIN workspaces ON workspaces.id = keys.workspace_id
      WHERE origin = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?) AND state = 'approved'
      LIMIT 1
      """, origin, now, row: { _ in true }) ?? false
  }

  /// True while a key is neither revoked nor expired, and its workspace approved.
  package static func isGood(id: Int64, at now: Timestamp, in database: Database) throws -> Bool {
    try database.first(
      """
      SELECT 1
      FROM keys
      JOIN workspaces ON workspaces.id = keys.workspace_id
      WHERE keys.id = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?) AND state = 'approved'
      """, id, now, row: { _ in true }) ?? false
  }

  /// What `holder` reads, in its order, and from where.
  private static let holderColumns: StaticString = """
    keys.id, keys.kind, keys.may_read, keys.may_submit, keys.expires_at, keys.revoked_at,
      workspaces.id, workspaces.slug, workspaces.name, workspaces.state, workspaces.retention,
      plans.name, plans.allows_async, plans.allows_batches, plans.allows_mail, plans.allows_webhooks,
      plans.allows_jobs_api, plans.reads_per_minute, plans.writes_per_minute, plans.jobs_per_month,
      plans.max_upload, plans.max_stored, plans.concurrent_jobs,
      plans.waiting_jobs, plans.files_per_minute, plans.submissions_per_day
    FROM keys
    JOIN workspaces ON workspaces.id = keys.workspace_id
    JOIN plans ON plans.name = workspaces.plan
    """

  /// Who holds the key with this SHA-256, found by the unique index in one step for each table.
  package static func holder(hash: [UInt8], in database: Database) throws -> KeyHolder? {
    try database.first(selecting: holderColumns, "WHERE keys.hash = ?", hash, row: holder)
  }

  /// Who holds the key with this number.
  package static func holder(id: Int64, in database: Database) throws -> KeyHolder? {
    try database.first(selecting: holderColumns, "WHERE keys.id = ?", id, row: holder)
  }

  private static func holder(_ row: borrowing Row) throws -> KeyHolder {
    KeyHolder(
      key: Key(
        id: row.integer(0), kind: try row.word(1), mayRead: row.flag(2),
        maySubmit: row.flag(3), expiresAt: row.optionalMoment(4), revokedAt: row.optionalMoment(5)),
      workspace: Workspace(
        id: row.integer(6), slug: row.text(7), name: row.text(8), plan: row.text(11),
        state: try row.word(9), owner: nil,
        retention: row.optionalInteger(10).map { .milliseconds($0) }),
      plan: Plans.plan(row, from: 11))
  }
}
