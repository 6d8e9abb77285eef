package import Basics

/// An API key as it is stored: what it may do, never the key itself.
package struct Key: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case secret
    case publicKey = "public"
  }

  package let id: Int64
  package let kind: Kind
  package let mayRead: Bool
  package let maySubmit: Bool
  package let expiresAt: Timestamp?
  package let revokedAt: Timestamp?

  package func isActive(at now: Timestamp) -> Bool {
    revokedAt == nil && expiresAt.map { $0 > now } ?? true
  }
}

/// A key with the workspace and plan it belongs to: everything that a request's permission depends on.
package struct KeyHolder: Sendable, Equatable {
  package let key: Key
  package let workspace: Workspace
  package let plan: Plan
}

/// A key as lists show it: enough to tell it from others, nothing to use it.
package struct ListedKey: Sendable, Equatable {
  package let id: Int64
  package let workspace: String
  package let name: String
  package let hint: String
  package let createdAt: Timestamp
  package let revokedAt: Timestamp?
}

/// The table of API keys.
package enum Keys {
  /// Stores the SHA-256 of a new secret key; `hint` is the part of it that may be shown.
  package static func insert(
    _ workspace: Int64, hash: [UInt8], hint: String, name: String, webhookSecret: String, at now: Timestamp,
    in database: Database
  ) throws -> Int64 {
    try database.run(
      """
      INSERT INTO keys (workspace_id, hash, hint, name, kind, webhook_secret, created_at)
      VALUES (?, ?, ?, ?, 'secret', ?, ?)
      """, workspace, hash, hint, name, webhookSecret, now)
    return database.lastRow
  }

  /// The keys of one workspace, or of all, the oldest first.
  package static func list(workspace slug: String?, in database: Database) throws -> [ListedKey] {
    try database.all(
      """
      SELECT keys.id, workspaces.slug, keys.name, keys.hint, keys.created_at, keys.revoked_at
      FROM keys
      JOIN workspaces ON workspaces.id = keys.workspace_id
      WHERE ?1 IS NULL OR workspaces.slug = ?1
      ORDER BY keys.id
      """, slug
    ) { row in
      ListedKey(
        id: row.integer(0), workspace: row.text(1), name: row.text(2), hint: row.text(3), createdAt: row.moment(4),
        revokedAt: row.optionalMoment(5))
    }
  }

  /// Ends a key at once; false when there is none with this number.
  package static func revoke(id: Int64, at now: Timestamp, in database: Database) throws -> Bool {
    try database.run("UPDATE keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?", now, id)
    return database.changes == 1
  }

  /// Who holds the key with this SHA-256, found by the unique index in one step for each table.
  package static func holder(hash: [UInt8], in database: Database) throws -> KeyHolder? {
    try database.first(
      """
      SELECT keys.id, keys.kind, keys.may_read, keys.may_submit, keys.expires_at, keys.revoked_at,
        workspaces.id, workspaces.slug, workspaces.name, workspaces.state,
        plans.name, plans.allows_async, plans.allows_batches, plans.allows_mail, plans.allows_webhooks,
        plans.allows_jobs_api, plans.reads_per_minute, plans.writes_per_minute, plans.jobs_per_month,
        workspaces.retention
      FROM keys
      JOIN workspaces ON workspaces.id = keys.workspace_id
      JOIN plans ON plans.name = workspaces.plan
      WHERE keys.hash = ?
      """, hash
    ) { row in
      KeyHolder(
        key: Key(
          id: row.integer(0), kind: Key.Kind(rawValue: row.text(1)) ?? .publicKey, mayRead: row.flag(2),
          maySubmit: row.flag(3), expiresAt: row.optionalMoment(4), revokedAt: row.optionalMoment(5)),
        workspace: Workspace(
          id: row.integer(6), slug: row.text(7), name: row.text(8), plan: row.text(10),
          state: Workspace.State(rawValue: row.text(9)) ?? .suspended,
          retention: row.optionalInteger(19).map { .milliseconds($0) }),
        plan: Plan(
          name: row.text(10), allowsAsync: row.flag(11), allowsBatches: row.flag(12), allowsMail: row.flag(13),
          allowsWebhooks: row.flag(14), allowsJobsAPI: row.flag(15), readsPerMinute: row.optionalInteger(16),
          writesPerMinute: row.optionalInteger(17), jobsPerMonth: row.optionalInteger(18)))
    }
  }
}
